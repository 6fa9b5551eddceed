using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Local;

/// <summary>The ports' calls with what these tests leave at its default.</summary>
internal static class PortShortcuts
{
    public static Task<Volume> EnsureVolumeAsync(this IVolumes volumes, string key, int sizeGb, CancellationToken cancellationToken) =>
        volumes.EnsureVolumeAsync(new VolumeSpec { Key = key, SizeGb = sizeGb }, cancellationToken);

    public static async Task<IPAddress> EnsurePortAsync(
        this INetworks networks, string key, IPAddress? requestedAddress, CancellationToken cancellationToken) =>
        (await networks.EnsurePortAsync(
            new PortSpec { Key = key, RequestedAddress = requestedAddress, Access = new PortAccess { TcpPorts = [StandInAgent.Port] } },
            cancellationToken)).Address;
}
