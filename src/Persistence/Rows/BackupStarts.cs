using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;

namespace Dbaas.Persistence.Rows;

/// <summary>
/// What begins a backup, and what begins the deletion of some: whoever asks for it, a user or a schedule, writes the same. After anything
/// but success the unit has to be rolled back.
/// </summary>
public static class BackupStarts
{
    /// <summary>Writes a backup, its operation, what it takes of the quota and its place in the history. The quota's rows exist.</summary>
    public static BackupStart Create(IUnit unit, Backup backup, string operationId, string historyId)
    {
        OperationRows.Insert(
            unit, operationId, OperationKinds.CreateBackup, backup.InstanceId, null, backup.Created, Subject.Backup(backup.Id));
        if (!QuotaRows.TryTake(unit, backup.TenantId, QuotaResources.Backups, 1))
        {
            return BackupStart.OverQuota;
        }

        var isBegun = BackupChanges.TryBegin(unit, backup.InstanceId, backup.Id)
            && (backup.ParentId is null || BackupChanges.TryAddChild(unit, backup.ParentId));
        if (!isBegun)
        {
            return BackupStart.Changed;
        }

        BackupRows.Insert(unit, backup);
        HistoryRows.Add(unit, HistoryEntry.Started(historyId, backup.InstanceId, OperationKinds.CreateBackup, operationId, backup.Created));
        return LockRows.TryOwnBackup(unit, backup.Id, operationId, children: 0) ? BackupStart.Begun : BackupStart.Changed;
    }

    /// <summary>Writes a backup that another service took, its operation, and what it takes of the quota. The quota's rows exist.</summary>
    public static BackupStart Register(IUnit unit, Backup backup, RegisterBackupGoal goal, string operationId)
    {
        OperationRows.Insert(
            unit,
            operationId,
            OperationKinds.RegisterBackup,
            backup.InstanceId,
            JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            backup.Created,
            Subject.Backup(backup.Id));
        if (!QuotaRows.TryTake(unit, backup.TenantId, QuotaResources.Backups, 1))
        {
            return BackupStart.OverQuota;
        }

        BackupRows.Insert(unit, backup);
        return LockRows.TryOwnBackup(unit, backup.Id, operationId, children: 0) ? BackupStart.Begun : BackupStart.Changed;
    }

    /// <summary>Writes the operation that deletes backups, which owns all of them.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="all">A backup and all that follow on it, each behind the one that it follows on; at least one.</param>
    /// <param name="operationId">The operation.</param>
    /// <param name="historyId">The line that says so.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>False: one of them is read, deleted already, or has changed.</returns>
    public static bool Delete(IUnit unit, IReadOnlyList<Backup> all, string operationId, string historyId, long now)
    {
        // Those that follow on others first: as they go, so are they named.
        var goal = new DeleteBackupGoal([.. all.Reverse().Select(backup => backup.Id)]);
        var (id, instanceId) = (all.Count > 0 ? all[0].Id : "", all.Count > 0 ? all[0].InstanceId : "");
        OperationRows.Insert(
            unit,
            operationId,
            OperationKinds.DeleteBackup,
            instanceId,
            JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            now,
            Subject.Backup(id));
        HistoryRows.Add(unit, HistoryEntry.Started(historyId, instanceId, OperationKinds.DeleteBackup, operationId, now));
        return all.OrderBy(backup => backup.Id, StringComparer.Ordinal).All(
            backup => LockRows.TryOwnBackup(unit, backup.Id, operationId, all.Count(other => other.ParentId == backup.Id)));
    }
}

/// <summary>Whether a backup was begun.</summary>
public enum BackupStart
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It was.</summary>
    Begun,

    /// <summary>The project has as many backups as it may have.</summary>
    OverQuota,

    /// <summary>The instance, or what it was to follow on, is not as it was when it was looked at.</summary>
    Changed,
}
