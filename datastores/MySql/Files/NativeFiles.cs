using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>Calls that .NET lacks.</summary>
internal static partial class NativeFiles
{
    public const uint WriteAndWait = 7;
    public const int DoNotNeed = 4;

    private const int ReadOnlyDirectoryNoFollow = 0x10000 | 0x20000 | 0x80000;

    /// <summary>A folder itself, never what a link at its place leads to.</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        var handle = Open(path, ReadOnlyDirectoryNoFollow);
        return handle.IsInvalid ? throw Failed($"open the folder {path}") : handle;
    }

    public static void Sync(SafeFileHandle handle, string path)
    {
        if (FSync(handle) != 0)
        {
            throw Failed($"write {path} to its disk");
        }
    }

    public static void GiveTo(SafeFileHandle handle, int user, string path)
    {
        if (ChangeOwner(handle, user, user) != 0)
        {
            throw Failed($"give {path} to user {user}");
        }
    }

    public static IOException Failed(string what) => new($"Cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, int user, int group);
}
