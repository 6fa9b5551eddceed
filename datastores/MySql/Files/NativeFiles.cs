using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>Calls that .NET lacks.</summary>
internal static partial class NativeFiles
{
    public const uint WriteAndWait = 7;
    public const int DoNotNeed = 4;

    // Neither by a link in the name's place, nor waiting for whoever writes a pipe; and no program that is started has it.
    private const int ReadOnlyNoFollowNonBlockingCloseOnExec = 0x20000 | 0x800 | 0x80000;

    /// <summary>Opens a file of somebody who is not trusted: what is not a file is not opened, or has nothing to read.</summary>
    public static SafeFileHandle OpenForReading(string path)
    {
        var file = Open(path, ReadOnlyNoFollowNonBlockingCloseOnExec);
        return file.IsInvalid ? throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}") : file;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(SafeFileHandle file);
}
