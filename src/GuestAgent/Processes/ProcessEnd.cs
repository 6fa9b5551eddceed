using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>Tells when a process has ended, whoever its parent is. It costs nothing until then.</summary>
internal static partial class ProcessEnd
{
    private const nint PidFdOpen = 434;
    private const short Readable = 1;
    private const int Interrupted = 4;
    private const int StackSize = 64 * 1024;

    /// <returns>False: this kernel cannot tell; one has to look.</returns>
    public static bool TryWatch(ProcessId process, Action ended)
    {
        var descriptor = (int)SystemCall(PidFdOpen, process.Pid, 0);
        if (descriptor < 0)
        {
            return false;
        }

        // A thread that sleeps in the kernel: the runtime cannot wait for such a descriptor.
        new Thread(() => Wait(descriptor, ended), StackSize) { IsBackground = true, Name = "server's end" }.Start();
        return true;
    }

    private static void Wait(int descriptor, Action ended)
    {
        var look = new Look { Descriptor = descriptor, Events = Readable };
        while (Poll(ref look, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // A signal of the runtime's own.
        }

        _ = Close(descriptor);
        ended();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Look looks, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Look
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }
}
