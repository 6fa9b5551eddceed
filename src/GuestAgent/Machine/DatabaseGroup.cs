using System.Globalization;

namespace Dbaas.GuestAgent.Machine;

/// <summary>
/// The database's control group, below that of the agent's unit (which delegates it). When memory runs out, the kernel ends the database
/// and not the agent, which starts it again.
/// </summary>
internal sealed class DatabaseGroup
{
    private const string Hierarchy = "/sys/fs/cgroup";

    private readonly string? folder;
    private readonly Action<string> log;

    private DatabaseGroup(string? folder, Action<string> log) => (this.folder, this.log) = (folder, log);

    /// <summary>Where control groups are of the second version and ours to divide: in a guest.</summary>
    public static DatabaseGroup Ensure(Action<string> log)
    {
        var own = File.ReadLines("/proc/self/cgroup")
            .FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?["0::/".Length..];
        if (own is null or "")
        {
            log("The database gets no control group of its own: the agent has none that it may divide.");
            return new DatabaseGroup(null, log);
        }

        var folder = Path.Combine(Hierarchy, own, "database");
        Directory.CreateDirectory(folder);
        return new DatabaseGroup(folder, log);
    }

    /// <summary>Puts the database's process there. It has only just begun: whatever it starts is there too.</summary>
    public void Settle(int pid)
    {
        try
        {
            File.WriteAllText($"/proc/{pid}/oom_score_adj", "0");
            if (folder is not null)
            {
                File.WriteAllText(Path.Combine(folder, "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log($"The database's process {pid} could not be put into its control group: {e.Message}");
        }
    }
}
