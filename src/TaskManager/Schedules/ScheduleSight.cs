using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Schedules;

/// <summary>Reads what is to be known of a run of a schedule.</summary>
internal static class ScheduleSight
{
    /// <summary>The instances that a schedule backs up now.</summary>
    /// <remarks>Of a project one for each replica set: what follows another one has that one's data.</remarks>
    public static IReadOnlyList<string> Targets(IUnit unit, BackupSchedule schedule) => schedule.InstanceId is { } named
        ? [named]
        : [.. InstanceLists.OfProject(unit, schedule.TenantId).Where(row => row.SlaveOfId is null).Select(row => row.Id)];

    public static ScheduleSeen? Look(IUnit unit, ScheduleRun run, GuestOptions options)
    {
        if (ScheduleRows.Find(unit, run.ScheduleId) is not { } schedule)
        {
            return null;
        }

        var now = ControlPlaneRows.Now(unit);
        var instance = InstanceRows.Find(unit, run.InstanceId);
        var newest = schedule.Incremental ? BackupRows.NewestOfSchedule(unit, schedule.Id, run.InstanceId) : null;
        return new ScheduleSeen
        {
            Schedule = schedule,
            Run = run,
            Instance = instance,
            Sight = instance is null ? null : Look(unit, instance, options),
            Made = run.BackupId is { } made ? BackupRows.Find(unit, made) : null,
            Newest = newest,
            OwnKey = ProjectKeyRows.Find(unit, schedule.TenantId)?.Recipient,
            ChainLength = newest is null ? 0 : BackupRows.Chain(unit, newest.Id).Count,
            Now = now,
        };
    }

    private static BackupSeen Look(IUnit unit, Instance instance, GuestOptions options)
    {
        var active = OperationRows.Active(unit, instance.Id);
        var kind = active.FirstOrDefault(operation => operation.Kind == OperationKinds.DeleteInstance)?.Kind
            ?? active.FirstOrDefault(operation => operation.Id == instance.LockOwner)?.Kind;
        var guest = GuestRows.Find(unit, instance.Id);
        var agent = GuestRows.FindAgent(unit, instance.Id);
        return new BackupSeen
        {
            Instance = instance,
            Status = PublicStatus.Derive(instance, kind, guest, options.SilentAfter),
            IsHealthy = guest?.IsHealthy(options.SilentAfter) == true,
            OperationKind = kind,
            DatastoreName = CatalogRows.Version(unit, instance.DatastoreVersionId)?.DatastoreName ?? "",
            Agent = agent,
            AgentTooOld = agent is null ? null : GuestCommand.WhyNotBy(typeof(CreateBackup), agent.Protocol),
        };
    }
}
