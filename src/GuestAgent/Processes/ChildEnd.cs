using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>How a child of this process ended.</summary>
internal static partial class ChildEnd
{
    private const int DoNotWait = 1;

    /// <summary>Takes note of the end, if it has come, and frees the kernel's record of it.</summary>
    /// <returns>"exit code n" or "signal n"; null while it runs, and for what is no child of ours.</returns>
    public static string? Collect(int pid)
    {
        if (WaitPid(pid, out var status, DoNotWait) != pid)
        {
            return null;
        }

        var signal = status & 0x7f;
        return signal == 0 ? $"exit code {(status >> 8) & 0xff}" : $"signal {signal}";
    }

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, out int status, int options);
}
