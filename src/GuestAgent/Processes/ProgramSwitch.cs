using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>What this process is to be from now on.</summary>
internal static partial class ProgramSwitch
{
    /// <summary>
    /// Goes on as another program: under the same process id, in the same control group, and as the same child of whoever started this one.
    /// </summary>
    /// <returns>Only when that is not possible: why.</returns>
    public static string Become(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var memory = new NativeMemoryPool();
        var words = memory.StringArray([program, .. arguments]);
        var variables = memory.StringArray([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        _ = Execute(program, words, variables);
        return new Win32Exception(Marshal.GetLastPInvokeError()).Message;
    }

    /// <summary>
    /// The kernel ends this process then, whatever it does and whichever program it has become: a process keeps its alarm when its program
    /// is replaced. Zero: it does not.
    /// </summary>
    public static void EndIn(int seconds) => _ = Alarm((uint)seconds);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "alarm")]
    private static partial uint Alarm(uint seconds);
}
