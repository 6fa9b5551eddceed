using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>How much a pipe holds. Bulk data through the default of 64 KB wakes both ends far more often.</summary>
internal static partial class PipeSize
{
    private const int SetPipeSize = 1031;
    private const int Wanted = 1024 * 1024;

    /// <summary>Makes it large, if the system lets us: it only is slower if not.</summary>
    public static void TryRaise(Stream stream)
    {
        if (stream is PipeStream pipe)
        {
            _ = Control(pipe.SafePipeHandle, SetPipeSize, Wanted);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeHandle pipe, int command, int value);
}
