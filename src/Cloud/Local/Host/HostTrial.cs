using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// Whether this machine lets the plane keep servers apart: tried once, when the service starts, with one of everything that a server needs.
/// Capabilities alone do not say it: a container's profile, its devices or the kernel's modules may still refuse.
/// </summary>
internal static class HostTrial
{
    /// <param name="paths">Of the plane: services of one machine do not meet in their trials.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: it does. Else why not, for whoever runs the service.</returns>
    public static async Task<string?> WhyNotIsolatedAsync(PlanePaths paths, CancellationToken cancellationToken)
    {
        if (HostPowers.WhyNotIsolated() is { } why)
        {
            return why;
        }

        try
        {
            // Of the processes that share a plane, one at a time.
            using var held = await FileLock.TakeAsync(paths.Lock, TimeProvider.System, cancellationToken);
            await TryAsync(paths.TrialNamespace, cancellationToken);
            return null;
        }
        catch (CloudException e)
        {
            return $"this machine refused a trial: {e.Message} {e.Details}".Trim();
        }
    }

    private static async Task TryAsync(string name, CancellationToken cancellationToken)
    {
        // What a trial that was cut off left.
        await HostCommand.TryAsync("ip", ["netns", "delete", name], cancellationToken);
        await HostCommand.RunAsync("ip", ["netns", "add", name], cancellationToken);
        try
        {
            await InsideAsync("ip", "link", "add", "trial0", "type", "bridge");
            await InsideAsync("ip", "link", "add", "trial1", "type", "veth", "peer", "name", "trial2");
            await InsideAsync("nft", "add", "table", "inet", "trial");
            await HostCommand.RunAsync("losetup", ["--find"], cancellationToken);
        }
        finally
        {
            // With all that is in it.
            await HostCommand.TryAsync("ip", ["netns", "delete", name], CancellationToken.None);
        }

        Task<string> InsideAsync(string program, params string[] arguments) => HostCommand.RunAsync(
            "nsenter", [$"--net=/run/netns/{name}", program, .. arguments], cancellationToken);
    }
}
