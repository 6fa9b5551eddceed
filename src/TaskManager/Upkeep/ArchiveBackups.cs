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

    /// <summary>What failed may fail again.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = await database.ReadAsync(
            unit => ArchivedLogRows.InstancesArchived(unit).Where(id => Lacks(unit, id, now)).ToList(), cancellationToken);
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
        return RestorableTimes.LacksBackup(backups, ArchivedLogRows.Of(unit, instanceId))
            && !backups.Any(backup => backup is { State: BackupState.Failed, ParentId: null }
                && Math.Abs(now - backup.Created) < (long)PauseAfterFault.TotalMilliseconds);
    }
}
