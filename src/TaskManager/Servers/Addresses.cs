using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;

namespace Dbaas.TaskManager.Servers;

/// <summary>Between an instance's row and the plane's words for ports.</summary>
internal static class Addresses
{
    /// <summary>Who may reach the instance.</summary>
    public static PortAccess AccessOf(Instance instance) => new()
    {
        TcpPorts = [instance.Port],
        AllowedCidrs = instance.AllowedCidrs.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        IsPublic = instance.IsPublic,
    };

    /// <summary>What users are shown.</summary>
    public static IReadOnlyList<InstanceAddress> Shown(Port port) =>
        [.. port.Addresses.Select(one => new InstanceAddress
        {
            Address = one.Address.ToString(), Kind = one.Kind, NetworkId = one.NetworkId,
        })];
}
