using System.Net;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>How servers get their addresses, and how a process is put behind one.</summary>
internal interface IServerNetwork
{
    /// <summary>What it cannot keep apart, in words.</summary>
    IReadOnlyList<string> NotEnforced { get; }

    /// <summary>Makes sure that the plane has a subnet of its own, and the host its address.</summary>
    Task<Subnet> EnsureAsync(CancellationToken cancellationToken);

    /// <summary>The address on which the gateway listens for guests.</summary>
    IPAddress HostAddress(Subnet subnet);

    /// <summary>Makes sure that servers reach this port of the host, and no other where there is a filter.</summary>
    Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server's network is there.</summary>
    Task EnsureServerAsync(string key, IPAddress address, CancellationToken cancellationToken);

    /// <summary>Makes sure that these alone are let in, from now on. The server's network is there.</summary>
    /// <exception cref="CloudException">This network cannot keep anybody out.</exception>
    Task EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken);

    /// <summary>The command line that runs a command line inside the server's network.</summary>
    IReadOnlyList<string> Inside(string key, IReadOnlyList<string> commandLine);

    /// <summary>The processes inside the server's network.</summary>
    Task<IReadOnlyList<int>> ProcessesAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server's network is gone.</summary>
    Task RemoveServerAsync(string key, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>Keys of servers that have a network, whether or not there is a record of them.</summary>
    IReadOnlyList<string> Keys();

    /// <summary>Makes sure that nothing is left. The servers are gone already.</summary>
    Task RemoveAsync(CancellationToken cancellationToken);
}
