using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Quotas;
using Dbaas.GuestProtocol.Channel;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;

namespace Dbaas.Simulation.Checks;

/// <summary>What must hold of backups whenever everything has come to rest.</summary>
internal static class BackupInvariants
{
    public static void Check(IUnit unit, World world, IReadOnlyList<Instance> instances, Findings findings)
    {
        var rows = Invariants.AllBackups(unit);
        var live = rows.Where(row => !row.Deleted).ToList();
        findings.Add("a backup is over", live
            .Where(row => row.State is BackupState.Unknown or BackupState.New or BackupState.Building or BackupState.Saving)
            .Select(row => $"{row.Name} is {row.State}"));
        findings.Add("no instance says that a backup of it is under way", instances
            .Where(instance => instance is { RunningBackup: not null, Deleted: false }).Select(instance => instance.Name));
        findings.Add("no backup says that it is being verified", live
            .Where(row => row.Verification == VerificationState.Running || row.VerifierId is not null).Select(row => row.Name));
        findings.Add("no hidden instance is left", instances
            .Where(row => row.TenantId == Verifier.Project && !row.Deleted).Select(row => $"{row.Name} ({row.FaultMessage})"));
        findings.Add("the quota of hidden instances is given back", QuotaRows.Of(unit, Verifier.Project)
            .Where(quota => quota.InUse != 0 || quota.Reserved != 0).Select(quota => $"{quota.Resource}: {quota.InUse}"));
        findings.Add("a backup counts those that follow on it", live
            .Where(row => row.ChildCount != live.Count(other => other.ParentId == row.Id))
            .Select(row => $"{row.Name} counts {row.ChildCount}"));
        findings.Add("what a backup follows on is there", live
            .Where(row => row.ParentId is { } parent && !live.Any(other => other.Id == parent)).Select(row => row.Name));
        findings.Add("the quota is what there is of backups", QuotaRows.Of(unit, ControlApi.Project)
            .Where(quota => quota.Resource == QuotaResources.Backups && quota.InUse != live.Count)
            .Select(quota => $"{quota.InUse} instead of {live.Count}"));
        findings.Add("the quota is what there is of schedules", QuotaRows.Of(unit, ControlApi.Project)
            .Where(quota => quota.Resource == QuotaResources.BackupSchedules
                && quota.InUse != unit.First<long>("SELECT COUNT(*) FROM backup_schedules"))
            .Select(quota => $"{quota.InUse}"));
        findings.Add("a run belongs to a schedule and to an instance that are there", unit.Query<string>(
            """
            SELECT CONCAT(r.schedule_id, ' of ', r.instance_id) FROM backup_schedule_runs r
            LEFT JOIN backup_schedules s ON s.id = r.schedule_id LEFT JOIN instances i ON i.id = r.instance_id AND i.deleted = 0
            WHERE s.id IS NULL OR i.id IS NULL
            """));
        var complete = live.Where(row => row.State == BackupState.Completed).ToDictionary(row => row.Place);
        var logs = Invariants.AllLogs(unit).Where(log => !log.Deleted).ToDictionary(log => log.Place);
        findings.Add("an archived log is closed", logs.Values
            .Where(log => log.State != ArchivedLogState.Closed || log.Parts == 0).Select(log => log.Id));
        findings.Add("no instance says that a log of it is archived", instances
            .Where(instance => instance is { RunningLog: not null, Deleted: false }).Select(instance => instance.Name));

        // What no backup needs is on its way out, and may have lost some.
        var unneeded = logs.Values.GroupBy(log => log.InstanceId)
            .SelectMany(all => RestorableTimes.Unneeded(
                [.. rows.Where(row => row.InstanceId == all.Key)], [.. all.OrderBy(log => log.Id, StringComparer.Ordinal)]))
            .Select(log => log.Id)
            .ToHashSet();
        findings.Add("each part that was told is there", logs.Values
            .Where(log => !unneeded.Contains(log.Id) && Enumerable.Range(0, log.Parts).Any(number =>
                world.Objects.All.GetValueOrDefault(log.Place)?.Contains(ObjectNames.Part(log.Run!, number)) is not true))
            .Select(log => log.Id));
        findings.Add("an archived log that is there has its key", logs.Values
            .Where(log => ArchivedLogRows.Identity(unit, log.Id) is null).Select(log => log.Id));
        LogInvariants.Check(unit, world, findings);
        var published = LogInvariants.All(unit).Where(log => !log.Deleted).Select(log => log.Place).ToHashSet();
        findings.Add("no object is left behind", world.Objects.All
            .Where(place => !complete.ContainsKey(place.Key) && !logs.ContainsKey(place.Key) && !published.Contains(place.Key)
                && !live.Any(row => row.Place == place.Key && row.State == BackupState.DeleteFailed))
            .Select(place => $"{place.Key}: {string.Join(' ', place.Value)}"));
        findings.Add("a complete backup has its objects, of one run, and its manifest", complete.Values
            .Where(row => row.Location is null)
            .Where(row => world.Objects.All.GetValueOrDefault(row.Place) is not { Count: 3 } names || !names.Contains(Manifest.Name))
            .Select(row => $"{row.Name}: {string.Join(' ', world.Objects.All.GetValueOrDefault(row.Place) ?? [])}"));
        findings.Add("a complete backup has its key, and what is gone has none", rows
            .Where(row => (row is { State: BackupState.Completed, Deleted: false, Location: null })
                != (BackupRows.Identity(unit, row.Id) is not null)
                && row.State != BackupState.Failed && row.State != BackupState.DeleteFailed)
            .Select(row => row.Name));
    }
}
