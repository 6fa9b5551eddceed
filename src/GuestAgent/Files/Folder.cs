using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.GuestAgent.Files;

/// <summary>What .NET has no call for.</summary>
internal static partial class Folder
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;
    private const int NoFollow = 0x20000;

    /// <summary>A rename is on the disk only when its folder is.</summary>
    public static void Flush(string path)
    {
        using var folder = Opened(path, ReadOnlyDirectoryCloseOnExec);
        Check(FSync(folder), path, "be written to the disk");
    }

    /// <summary>Gives the folder itself, never what a link in its place leads to, to a user and a group.</summary>
    public static void Give(string path, int user, int group)
    {
        using var folder = Opened(path, ReadOnlyDirectoryCloseOnExec | NoFollow);
        Check(ChangeOwner(folder, user, group), path, $"be given to the user {user}");
    }

    /// <summary>The same, and says what may be done in it.</summary>
    public static void Give(string path, int user, int group, UnixFileMode mode)
    {
        using var folder = Opened(path, ReadOnlyDirectoryCloseOnExec | NoFollow);
        Check(ChangeOwner(folder, user, group), path, $"be given to the user {user}");
        File.SetUnixFileMode(folder, mode);
    }

    private static SafeFileHandle Opened(string path, int flags)
    {
        var folder = Open(path, flags);
        Check(folder.IsInvalid ? -1 : 0, path, "be opened");
        return folder;
    }

    private static void Check(int result, string path, string what)
    {
        if (result != 0)
        {
            throw new IOException($"The folder {path} cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle folder);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle folder, int user, int group);
}
