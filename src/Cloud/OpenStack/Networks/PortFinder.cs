using System.Net;
using System.Net.Sockets;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>The ports of an instance: the user's and, where there is a network for it, the management port.</summary>
internal sealed class PortFinder(NeutronClient neutron, Marks marks)
{
    /// <summary>Each by its name; the one in use, else the oldest, where an answer was lost and there are more.</summary>
    public async Task<PortPair> FindAsync(string key, CancellationToken cancellationToken) =>
        PortPair.Of(await AllOfAsync(key, cancellationToken), key);

    public async Task<IReadOnlyList<NeutronPort>> AllOfAsync(string key, CancellationToken cancellationToken)
    {
        var names = $"name={Marks.Name(key)}&name={Marks.ManagementName(key)}";
        return [.. (await neutron.ListPortsAsync($"{names}&{OurMark}", cancellationToken)).Where(IsOurs)];
    }

    public async Task<IReadOnlyList<NeutronPort>> AllAsync(CancellationToken cancellationToken) =>
        [.. (await neutron.ListPortsAsync(OurMark, cancellationToken)).Where(IsOurs)];

    public static IPAddress AddressOf(NeutronPort port)
    {
        var addresses = port.FixedIps.Select(one => IPAddress.Parse(one.IpAddress)).ToArray();
        return addresses.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault()
            ?? throw new CloudException($"Port {port.Name} has no address: its network has no subnet.", isTransient: false);
    }

    private string OurMark => "description=" + Uri.EscapeDataString(marks.Description);

    private bool IsOurs(NeutronPort port) => port.Description == marks.Description;
}
