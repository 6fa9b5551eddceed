using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Files;

/// <summary>What .NET has no call for.</summary>
public static partial class Folder
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;

    /// <summary>A rename, and the removal of a file, are on the disk only when their folder is. May be repeated.</summary>
    /// <exception cref="IOException">It is not known to be on the disk.</exception>
    public static void Flush(string path)
    {
        using var folder = Open(path, ReadOnlyDirectoryCloseOnExec);
        if (folder.IsInvalid || FSync(folder) != 0)
        {
            throw new IOException($"The folder {path} cannot be written to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle folder);
}
