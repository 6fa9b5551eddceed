using System.Security.Cryptography;
using Dbaas.Domain;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
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
    // Nobody who knows a backup's id can guess where its objects are.
    private const int PlaceBytes = 16;
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
            var (operationId, historyId, backupId) = (ids.NewId(), ids.NewId(), ids.NewId());
            var place = $"{backupId[^12..]}-{RandomNumberGenerator.GetHexString(PlaceBytes * 2, lowercase: true)}";
            if (await database.WriteAsync(unit => Begin(unit, instanceId, operationId, historyId, backupId, place, now), cancellationToken))
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

    /// <returns>False: the instance is busy, or its project's quota is used up. It is looked at again.</returns>
    private static bool Begin(
        IUnit unit, string instanceId, string operationId, string historyId, string backupId, string place, long now)
    {
        if (!BackupChanges.TryBegin(unit, instanceId, backupId))
        {
            return false;
        }

        var instance = InstanceRows.Find(unit, instanceId)!;
        if (!QuotaRows.TryTake(unit, instance.TenantId, QuotaResources.Backups, 1))
        {
            BackupChanges.End(unit, instanceId, backupId);
            return false;
        }

        BackupRows.Insert(unit, new Backup
        {
            Id = backupId,
            TenantId = instance.TenantId,
            Name = Name,
            InstanceId = instanceId,
            DatastoreVersionId = instance.DatastoreVersionId,
            State = BackupState.New,
            Place = place,
            RootEnabled = instance.RootEnabled,
            Created = now,
            Updated = now,
        });
        OperationRows.Insert(unit, operationId, OperationKinds.CreateBackup, instanceId, null, now, Subject.Backup(backupId));
        HistoryRows.Add(unit, HistoryEntry.Started(historyId, instanceId, OperationKinds.CreateBackup, operationId, now));
        return LockRows.TryOwnBackup(unit, backupId, operationId, children: 0);
    }
}
