using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Starts a program that outlives the agent: a session of its own, no pipe to the agent, output into a file.
/// .NET's own Process can only redirect to pipes, which would break with the agent; hence posix_spawn.
/// </summary>
internal static partial class DetachedStart
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400;

    // glibc's structures are 80, 336 and 128 bytes on 64 bit machines.
    private const int StructureSize = 512;

    /// <returns>The process id.</returns>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static int Start(
        IReadOnlyList<string> commandLine, string? workingDirectory, IReadOnlyDictionary<string, string> environment, string logPath)
    {
        using var memory = new NativeMemoryPool();
        var actions = memory.Block(StructureSize);
        var attributes = memory.Block(StructureSize);
        var allSignals = memory.Block(StructureSize);
        var noSignals = memory.Block(StructureSize);

        Check(InitActions(actions));
        Check(InitAttributes(attributes));
        try
        {
            Check(AddOpen(actions, 0, "/dev/null", 0, 0));
            Check(AddOpen(actions, 1, logPath, WriteCreateAppend, 0b110_000_000));
            Check(AddDup(actions, 1, 2));
            Check(AddChdir(actions, workingDirectory ?? "/"));

            // The runtime ignores SIGPIPE, and an ignored signal stays ignored in the new program unless told otherwise.
            _ = FillSignals(allSignals);
            _ = EmptySignals(noSignals);
            Check(SetDefaults(attributes, allSignals));
            Check(SetMask(attributes, noSignals));
            Check(SetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession));

            var arguments = memory.StringArray(commandLine);
            var variables = memory.StringArray([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
            Check(Spawn(out var pid, commandLine[0], actions, attributes, arguments, variables));
            return pid;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string file, nint actions, nint attributes, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(nint actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDup(nint actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChdir(nint actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(nint signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(nint signals);
}
