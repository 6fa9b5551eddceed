using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>Sends signals. To a process that has ended: nothing happens.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    public static void Send(ProcessId process, int signal)
    {
        if (ProcessTable.IsAlive(process))
        {
            _ = SendTo(process.Pid, signal);
        }
    }

    /// <summary>To the process and to all that it started, once it leads a group of its own; before that, to itself.</summary>
    public static void SendToGroup(int pid, int signal)
    {
        if (SendTo(-pid, signal) != 0)
        {
            _ = SendTo(pid, signal);
        }
    }

    /// <summary>To what a process that led a group has left behind in it.</summary>
    public static void SendToRestOfGroup(int leader, int signal) => _ = SendTo(-leader, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendTo(int pid, int signal);
}
