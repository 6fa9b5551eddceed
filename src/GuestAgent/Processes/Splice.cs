using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Moves data from one pipe into another within the kernel: a backup passes the agent twice, and is not to be copied there and back each
/// time.
/// </summary>
internal static partial class Splice
{
    private const int AtOnce = 1024 * 1024;
    private const uint Move = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    /// <summary>Until the first pipe ends. It blocks a thread, as reading a pipe does; who ends the programs at its ends ends it.</summary>
    /// <exception cref="IOException">Nobody reads the second one any more.</exception>
    public static Task RunAsync(SafeHandle from, ISpliceTarget to, CancellationToken cancellationToken) =>
        Task.Run(() => Run(from, to, cancellationToken), cancellationToken);

    private static void Run(SafeHandle from, ISpliceTarget to, CancellationToken cancellationToken)
    {
        nint moved;
        while ((moved = SpliceOnce(from, 0, to.Pipe!, 0, AtOnce, Move)) != 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (moved > 0)
            {
                to.Passed(moved);
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case BrokenPipe:
                    to.LostReader();
                    throw new IOException("Broken pipe");
                case var error:
                    throw new IOException(new Win32Exception(error).Message);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    private static partial nint SpliceOnce(SafeHandle from, nint fromOffset, SafeHandle to, nint toOffset, nint length, uint flags);
}
