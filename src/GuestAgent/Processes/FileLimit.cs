using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>How many files this process, and what it starts, may have open.</summary>
internal static partial class FileLimit
{
    private const int OpenFiles = 7;

    /// <summary>
    /// As many as the system lets it. A database asks for more than what it was started with, and gets by with that when it asks for too
    /// much: systemd's and others' default of 1024 is too little.
    /// </summary>
    public static void Raise()
    {
        if (Get(OpenFiles, out var limit) == 0 && limit.Now < limit.Most)
        {
            limit.Now = limit.Most;
            _ = Set(OpenFiles, limit);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Now;
        public nuint Most;
    }
}
