using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Host;

/// <summary>Folders of the plane.</summary>
internal static class Folders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Passable = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static void MakePrivate(string path) => Make(path, OwnerOnly);

    public static void MakePassable(string path) => Make(path, Passable);

    /// <summary>Removes a folder with what is in it, but never reaches into a mount below it.</summary>
    public static void Remove(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        if (MountTable.Read().Any(mount => mount.IsAtOrBelow(path)))
        {
            throw new CloudException("Something is still mounted in a folder of the server.", isTransient: true, details: path);
        }

        Directory.Delete(path, recursive: true);
    }

    public static IReadOnlyList<string> NamesIn(string path) =>
        Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]
            : [];

    // The mode is set after, because the process's umask would cut it.
    private static void Make(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        if (File.GetUnixFileMode(path) != mode)
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
