using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>
/// The root of a server that has an image: the image itself, read-only, and over it the agent's folder (read-only), the volume and the
/// agent's state at the same paths as outside. Every mount is ensured by itself, so a set that was cut off half way is completed.
/// </summary>
internal static class ServerRoot
{
    public static async Task EnsureAsync(
        ServerFolder folder, string image, string programFolder, string volume, CancellationToken cancellationToken)
    {
        if (image.AsSpan().IndexOfAny(",:\\") >= 0 || !Directory.Exists(image))
        {
            throw new CloudException(
                "The folder of the image does not exist, or has one of ',', ':' and '\\' in its path.", isTransient: false, details: image);
        }

        await EnsureLayersAsync(folder, image, cancellationToken);
        (string Path, string[] Mount, bool ReadOnly)[] inside =
        [
            ("/proc", ["-t", "proc", "proc"], false),
            ("/dev", ["--bind", "--make-private", "/dev"], false),
            ("/run", ["-t", "tmpfs", "-o", "mode=755,nosuid,nodev", "tmpfs"], false),
            ("/tmp", ["-t", "tmpfs", "-o", "mode=1777,nosuid,nodev", "tmpfs"], false),
            (programFolder, ["--bind", "--make-private", programFolder], true),
            (volume, ["--bind", "--make-private", volume], false),
            (folder.State, ["--bind", "--make-private", folder.State], false),
        ];
        var mounted = MountTable.Read().ToLookup(m => m.Point);
        if (inside.Any(entry => !mounted.Contains(folder.Root + entry.Path)))
        {
            await Mounts.MountAsync(["-o", "remount,rw", folder.Root], cancellationToken);
            foreach (var (path, mount, _) in inside.Where(entry => !mounted.Contains(folder.Root + entry.Path)))
            {
                Directory.CreateDirectory(folder.Root + path);
                await Mounts.MountAsync([.. mount, folder.Root + path], cancellationToken);
            }
        }

        var writable = inside.Where(entry => entry.ReadOnly && MountTable.At(folder.Root + entry.Path) is { IsReadOnly: false });
        foreach (var (path, _, _) in writable)
        {
            await Mounts.MountAsync(["-o", "remount,bind,ro", folder.Root + path], cancellationToken);
        }

        if (MountTable.At(folder.Root) is { IsReadOnly: false })
        {
            await Mounts.MountAsync(["-o", "remount,ro", folder.Root], cancellationToken);
        }
    }

    /// <summary>
    /// A bind of the image would have no place for our mount points, and none may be made in the image: so an overlay, whose upper layer is
    /// in memory, as not every file system of a host can hold one.
    /// </summary>
    private static async Task EnsureLayersAsync(ServerFolder folder, string image, CancellationToken cancellationToken)
    {
        if (MountTable.At(folder.Layer) is null)
        {
            Folders.MakePrivate(folder.Layer);
            await Mounts.MountAsync(["-t", "tmpfs", "-o", "mode=700,size=1m", "tmpfs", folder.Layer], cancellationToken);
        }

        if (MountTable.At(folder.Root) is null)
        {
            var upper = Path.Combine(folder.Layer, "upper");
            var work = Path.Combine(folder.Layer, "work");

            // The upper layer's own mode becomes that of the root, which the database's user passes.
            Folders.MakePassable(upper);
            Folders.MakePrivate(work);
            Folders.MakePassable(folder.Root);
            await Mounts.MountAsync(
                ["-t", "overlay", "-o", $"lowerdir={image},upperdir={upper},workdir={work}", "overlay", folder.Root], cancellationToken);
        }
    }
}
