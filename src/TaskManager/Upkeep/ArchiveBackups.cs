using Dbaas.Domain;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// An archived log is worth nothing without a backup in front of it: where there is none, because the archive has just begun or has a gap,
/// one is taken.
/// </summary>
public sealed class ArchiveBackups(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time) : IUpkeep
{
    private const string Name = "point-in-time";

    /// <summary>What failed may fail again: after so long, after twice as long the next time, and so on.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMinutes(10);

    /// <summary>Each that failed takes a place of the project's quota, until somebody deletes it.</summary>
    private const int MostDoublings = 8;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithoutArchives = TimeSpan.FromSeconds(15);

    private readonly Round round = new(atOnce: 200);
    private TimeSpan pause = WithoutArchives;

    /// <inheritdoc />
    public TimeSpan Every => pause;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (archived, due) = await database.ReadAsync(
            unit =>
            {
                var some = ArchivedLogRows.InstancesArchived(unit, round.After, round.AtOnce);
                return (some, some.Where(id => Lacks(unit, id, now)).ToList());
            },
            cancellationToken);
        pause = archived.Count > 0 || round.After.Length > 0 ? Soon : WithoutArchives;
        round.Saw(archived);
        foreach (var instanceId in due)
        {
            if (await database.ReadAsync(unit => InstanceRows.Find(unit, instanceId), cancellationToken) is not { } instance)
            {
                continue;
            }

            // One that is busy, or whose project's quota is used up, is looked at again.
            var (operationId, historyId) = (ids.NewId(), ids.NewId());
            var backup = NewBackup.Of(instance, ids.NewId(), BackupPlace.NewSecret(), Name, now);
            var start = await database.WriteIfAsync(
                unit => BackupStarts.Create(unit, backup, operationId, historyId), one => one == BackupStart.Begun, cancellationToken);
            if (start == BackupStart.Begun)
            {
                signals.OperationIsDue();
            }
        }
    }

    private static bool Lacks(IUnit unit, string instanceId, long now)
    {
        var backups = BackupRows.Of(unit, instanceId);
        var failed = backups.Where(backup => backup is { State: BackupState.Failed, ParentId: null, Name: Name }).ToList();
        var pause = PauseAfterFault * Math.Pow(2, Math.Clamp(failed.Count - 1, 0, MostDoublings));
        return RestorableTimes.LacksBackup(backups, ArchivedLogRows.Of(unit, instanceId))
            && !failed.Any(backup => Math.Abs(now - backup.Updated) < (long)pause.TotalMilliseconds);
    }
}
