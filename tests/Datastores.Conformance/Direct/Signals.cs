using System.Runtime.InteropServices;

namespace Dbaas.Datastores.Conformance.Direct;

internal static class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;
    public const int Stop = 19;
    public const int Continue = 18;

    /// <summary>A process that has ended already needs no signal.</summary>
    public static void Send(int process, int signal) => _ = NativeKill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int process, int signal);
}
