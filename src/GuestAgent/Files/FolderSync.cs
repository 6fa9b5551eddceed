using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Files;

/// <summary>A rename is on the disk only when its folder is; .NET has no call for that.</summary>
internal static partial class FolderSync
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;

    public static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder {folder}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw new IOException($"Cannot write the folder {folder} to the disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
