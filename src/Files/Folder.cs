using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Files;

/// <summary>What .NET cannot do with folders.</summary>
public static partial class Folder
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;
    private const int NoFollow = 0x20000;

    /// <summary>A rename, and the removal of a file, are on the disk only when their folder is. May be repeated.</summary>
    /// <exception cref="IOException">It is not known to be on the disk.</exception>
    public static void Flush(string path)
    {
        using var folder = Opened(path, ReadOnlyDirectoryCloseOnExec);
        if (FSync(folder) != 0)
        {
            throw Failed(path, "be written to the disk");
        }
    }

    /// <summary>
    /// Gives the folder itself, never what a link in its place leads to, to a user and a group. As root. May be repeated.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="user">A user id.</param>
    /// <param name="group">A group id.</param>
    /// <param name="mode">What may be done in it; null: as before.</param>
    /// <exception cref="IOException">It could not be given, or is a link.</exception>
    public static void Give(string path, int user, int group, UnixFileMode? mode = null)
    {
        using var folder = Opened(path, ReadOnlyDirectoryCloseOnExec | NoFollow);
        Owner.Give(folder, user, group, path);
        if (mode is { } value)
        {
            File.SetUnixFileMode(folder, value);
        }
    }

    private static SafeFileHandle Opened(string path, int flags)
    {
        var folder = Open(path, flags);
        return folder.IsInvalid ? throw Failed(path, "be opened") : folder;
    }

    private static IOException Failed(string path, string what) =>
        new($"The folder {path} cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle folder);
}
