using Dbaas.Cloud.Ports;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>Every new instance begins like this: address, volume and server, until its agent has enrolled.</summary>
internal static class ServerSteps
{
    public static IReadOnlyList<Step<BuildState>> All(
        INetworks networks, IVolumes volumes, ICompute compute, GuestAccess access, GuestOptions options) =>
    [
        new ReservePort(networks),
        new EnsureVolume(volumes),
        new AdmitGuest(),
        new LaunchServer(compute, access),
        new AwaitGuest(compute, options),
    ];
}
