using System.Globalization;

namespace Dbaas.Benchmarks.Running;

/// <summary>
/// How much of the processors this program and all that it starts have had. By a control group of their own, where the machine has the
/// first version of that; elsewhere it is what the whole machine was busy, so nothing else should run there.
/// </summary>
internal static class ProcessorTime
{
    private const string Hierarchy = "/sys/fs/cgroup/cpuacct";
    private const double TicksPerSecond = 100;

    private static readonly string? Group = EnterGroup();

    /// <summary>Whether other work on the machine is left out.</summary>
    public static bool IsOfOurselves => Group is not null;

    /// <summary>Seconds until now.</summary>
    public static double Used() => Group is { } group
        ? long.Parse(File.ReadAllText(Path.Combine(group, "cpuacct.usage")), CultureInfo.InvariantCulture) / 1e9
        : OfTheMachine();

    /// <summary>Seconds of one process and of the children that it has seen end; what its threads had is in it.</summary>
    public static double Of(int pid, bool withChildren = false)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..(withChildren ? 15 : 13)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double OfTheMachine()
    {
        // "cpu  user nice system idle iowait irq softirq …"
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7];
        return busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static string? EnterGroup()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(Path.Combine(Hierarchy, "cpuacct.usage")))
        {
            return null;
        }

        var group = Path.Combine(Hierarchy, $"dbaas-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(group);
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return group;
    }

    /// <summary>To be called when nothing that was started runs any more.</summary>
    public static void Leave()
    {
        if (Group is { } group)
        {
            File.WriteAllText(Path.Combine(Hierarchy, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            Directory.Delete(group);
        }
    }
}
