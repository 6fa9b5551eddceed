using System.Net;

namespace Dbaas.Cloud.Ports;

/// <summary>Addresses, and who may reach them. Keys are ours; every call may be repeated.</summary>
public interface INetworks
{
    /// <summary>Makes sure that the server's port (or ports) exist, with a packet filter of their own.</summary>
    /// <returns>Its addresses: the same for every call with this key.</returns>
    Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken);

    /// <summary>Makes sure that the port's filter lets in exactly these, and that it has a public address or none.</summary>
    Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken);

    /// <summary>Makes sure that the port, its filter and its public address are gone. Its server is gone already.</summary>
    Task DeletePortAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys of all ports that carry our deployment's mark. Absence from it proves nothing.</summary>
    Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken);

    /// <summary>Makes sure that guests can reach this host.</summary>
    /// <returns>The address on which the gateway is to listen for them.</returns>
    Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that guests reach this port of that address and, where it is the plane that decides it, no other of this host's.
    /// </summary>
    Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken);
}

/// <summary>A port to make.</summary>
public sealed record PortSpec
{
    /// <summary>Ours: the instance's id.</summary>
    public required string Key { get; init; }

    /// <summary>The project whose instance it is; null: unknown, and then the plane's default network is the only one for it.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// The user's network, in the plane's words; null: the plane's default. The service may see networks that its users may not use, so a
    /// plane takes no other than its default, those of the project, and those that are shared with the project; the rest is said not to be
    /// there.
    /// </summary>
    public string? NetworkId { get; init; }

    /// <summary>A subnet of it; null: any.</summary>
    public string? SubnetId { get; init; }

    /// <summary>An address asked for; null: any.</summary>
    public IPAddress? RequestedAddress { get; init; }

    /// <summary>Who may reach it.</summary>
    public required PortAccess Access { get; init; }
}

/// <summary>Who may reach a port.</summary>
public sealed record PortAccess
{
    /// <summary>The datastore's TCP ports; nothing else is let in, except what members of a set and the agent need.</summary>
    public required IReadOnlyList<int> TcpPorts { get; init; }

    /// <summary>From where, as CIDRs; empty: from everywhere.</summary>
    public IReadOnlyList<string> AllowedCidrs { get; init; } = [];

    /// <summary>It also has an address that is reached from outside of the cloud.</summary>
    public bool IsPublic { get; init; }
}

/// <summary>A port.</summary>
/// <param name="Address">Where other members and the control plane reach it.</param>
/// <param name="Addresses">All that users are shown.</param>
public sealed record Port(IPAddress Address, IReadOnlyList<PortAddress> Addresses);

/// <summary>An address of a port.</summary>
/// <param name="Address">It.</param>
/// <param name="Kind"><c>private</c> or <c>public</c>, as Trove says it.</param>
/// <param name="NetworkId">The network, in the plane's words; null where there is only one.</param>
public sealed record PortAddress(IPAddress Address, string Kind, string? NetworkId);
