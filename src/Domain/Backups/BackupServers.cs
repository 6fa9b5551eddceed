using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Backups;

/// <summary>Which server an instance's backup is taken on: its own, or that of a slave, whose clients are hindered less.</summary>
public static class BackupServers
{
    /// <summary>One that is further behind would have to be waited for.</summary>
    public const double MostLagSeconds = 10;

    /// <summary>Chooses the slave that is least behind.</summary>
    /// <param name="instance">What is backed up.</param>
    /// <param name="slaves">Its slaves.</param>
    /// <returns>The slave's id; null: the instance itself.</returns>
    /// <remarks>
    /// An archived instance always: which of its logs go on behind a backup is told by the moments of its own server.
    /// </remarks>
    public static string? Choose(Instance instance, IEnumerable<SlaveSeen> slaves) => instance.PointInTime
        ? null
        : slaves.Where(seen => IsFit(instance, seen))
            .OrderBy(seen => seen.Guest!.LagSeconds).ThenBy(seen => seen.Slave.Id, StringComparer.Ordinal)
            .FirstOrDefault()?.Slave.Id;

    /// <summary>A backup can be taken there now.</summary>
    public static bool IsFit(Instance instance, SlaveSeen seen) =>
        seen.Slave is { Lifecycle: Lifecycle.Ready, Deleted: false, LockOwner: null, RunningBackup: null }
        && seen.Slave.SlaveOfId == instance.Id && seen.Slave.BinaryLog == instance.BinaryLog
        && seen is { IsAnswering: true, CanBackUp: true }
        && seen.Guest is { ServerState: "Healthy", Replicating: true, LagSeconds: <= MostLagSeconds };
}

/// <summary>What is seen of a slave.</summary>
/// <param name="Slave">Its row.</param>
/// <param name="Guest">What its agent said last; null: nothing.</param>
/// <param name="IsAnswering">Its agent is heard of.</param>
/// <param name="CanBackUp">Its agent knows how, also from a position on.</param>
public sealed record SlaveSeen(Instance Slave, GuestState? Guest, bool IsAnswering, bool CanBackUp);
