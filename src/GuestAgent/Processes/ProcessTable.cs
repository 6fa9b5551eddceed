using System.Globalization;
using System.Text;

namespace Dbaas.GuestAgent.Processes;

/// <summary>The kernel's list of processes.</summary>
internal static class ProcessTable
{
    private static readonly string OwnId = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private static readonly byte[] Own = File.ReadAllBytes("/proc/self/environ");
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1);

    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Null when it is gone. A zombie is gone: it only waits for its parent to notice.</summary>
    public static ProcessId? Find(int pid)
    {
        try
        {
            var fields = Fields(pid);
            return fields[0] is "Z" or "X"
                ? null
                : new ProcessId(pid, long.Parse(fields[19], CultureInfo.InvariantCulture), BootId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsAlive(ProcessId process) => Find(process.Pid) == process;

    /// <summary>Processes that were started with this variable in their environment.</summary>
    public static IReadOnlyList<ProcessId> FindByEnvironment(string name, string value)
    {
        var wanted = Encoding.UTF8.GetBytes($"{name}={value}\0");
        return
        [
            .. Directory.EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
                .Where(pid => pid > 0 && pid != Environment.ProcessId && HasVariable(pid, wanted))
                .Select(Find)
                .OfType<ProcessId>(),
        ];
    }

    private static bool HasVariable(int pid, byte[] wanted)
    {
        try
        {
            var environment = Environ(pid).AsSpan();
            var at = environment.IndexOf(wanted);
            return at == 0 || (at > 0 && environment[at - 1] == 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or somebody else's.
            return false;
        }
    }

    /// <summary>
    /// A child shows our own environment for a moment after its start (posix_spawn returns in the middle of it), and none each time that it
    /// makes room for the next program. It is waited for, or a server would be started twice.
    /// </summary>
    private static byte[] Environ(int pid)
    {
        byte[] environment = [];
        SpinWait.SpinUntil(
            () =>
            {
                environment = File.ReadAllBytes($"/proc/{pid}/environ");
                return !(environment.Length == 0 || environment.AsSpan().SequenceEqual(Own)) || !IsChild(pid);
            },
            LongestStart);
        return environment;
    }

    private static bool IsChild(int pid) => Fields(pid) is [not ("Z" or "X"), var parent, ..] && parent == OwnId;

    // "pid (name) state …": the name may hold anything, so what counts begins behind the last bracket.
    private static string[] Fields(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
