using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Host;

/// <summary>Mounts and unmounts.</summary>
internal static class Mounts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Task MountAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        HostCommand.RunAsync("mount", arguments, cancellationToken);

    /// <summary>
    /// Unmounts everything at and below a path, last mount first. Never lazily: a hidden mount would hold its loop device for ever.
    /// </summary>
    public static Task UnmountTreeAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        UnmountTreeAsync(path, Patience, time, cancellationToken);

    /// <summary>The same, with another patience than for what was used a moment ago.</summary>
    public static async Task UnmountTreeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var mount = MountTable.Read().LastOrDefault(m => m.IsAtOrBelow(path));
            if (mount is null)
            {
                return;
            }

            var result = await HostCommand.TryAsync("umount", [mount.Point], cancellationToken);
            if (result.IsSuccess)
            {
                continue;
            }

            // Files of a process that was just killed are closed a moment after it is gone.
            if (time.GetElapsedTime(start) >= patience)
            {
                throw HostCommand.Failure("A file system of the server cannot be unmounted.", result);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
