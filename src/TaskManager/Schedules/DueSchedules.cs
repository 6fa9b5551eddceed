using System.Globalization;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.TaskManager.Schedules;

/// <summary>
/// Begins backups when their schedules are due. Finding one due and beginning its backups are separate: the first is one guarded unit that
/// moves the schedule to its next time and leaves a run for each instance; a run is begun, waited with, or given up, by one guarded unit
/// each. So several task managers take one backup, and a kill anywhere takes none away.
/// </summary>
public sealed class DueSchedules(IDatabase database, ControlSignals signals, GuestOptions options, IIdSource ids) : IUpkeep
{
    // Schedules are made by other processes, too.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // A database counts in milliseconds: whoever comes exactly then comes too early.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ZoneMayCome = TimeSpan.FromMinutes(10);

    private TimeSpan pause = LongestPause;

    /// <inheritdoc />
    public TimeSpan Every => pause;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in await database.ReadAsync(ScheduleRows.Due, cancellationToken))
        {
            await FireAsync(schedule, cancellationToken);
        }

        foreach (var run in await database.ReadAsync(ScheduleRunRows.ToLookAt, cancellationToken))
        {
            await LookAfterAsync(run, cancellationToken);
        }

        pause = await database.ReadAsync(ScheduleRows.UntilNextDue, cancellationToken) is { } next && next + Moment < LongestPause
            ? next + Moment
            : LongestPause;
    }

    // However often its time has come while nobody looked: it is begun once, and is due again behind now. One whose time was said by a
    // clock that was set back since only gets another time.
    private async Task FireAsync(BackupSchedule schedule, CancellationToken cancellationToken)
    {
        var (targets, now) = await database.ReadAsync(
            unit =>
            {
                var now = ControlPlaneRows.Now(unit);
                return (schedule.NextDue <= now ? ScheduleSight.Targets(unit, schedule) : [], now);
            },
            cancellationToken);
        if (!CronTimes.IsKnown(schedule.TimeZone))
        {
            // Another machine may know it, or this one soon: the schedule has not ended.
            var later = now + (long)ZoneMayCome.TotalMilliseconds;
            await database.WriteAsync(
                unit =>
                {
                    if (ScheduleRows.TryFire(unit, schedule.Id, schedule.NextDue!.Value, later))
                    {
                        ScheduleRows.SetFault(unit, schedule.Id, CronTimes.WhyNot(schedule.Cron, schedule.TimeZone));
                    }
                },
                cancellationToken);
            return;
        }

        var next = CronTimes.Next(schedule.Cron, schedule.TimeZone, now);
        await database.WriteAsync(
            unit =>
            {
                if (!ScheduleRows.TryFire(unit, schedule.Id, schedule.NextDue!.Value, next))
                {
                    return;
                }

                foreach (var instance in targets)
                {
                    ScheduleRunRows.Put(unit, schedule.Id, instance, schedule.NextDue.Value);
                }
            },
            cancellationToken);
    }

    private async Task LookAfterAsync(ScheduleRun run, CancellationToken cancellationToken)
    {
        var seen = await database.ReadAsync(unit => ScheduleSight.Look(unit, run, options), cancellationToken);
        switch (seen is null ? new ScheduleMove.Forget() : ScheduledBackup.Next(seen))
        {
            case ScheduleMove.Begin begin:
                await BeginAsync(seen!, begin.ParentId, cancellationToken);
                break;
            case ScheduleMove.TakeFull full:
                await database.WriteAsync(unit => ScheduleRunRows.TryTakeFull(unit, run, full.Why), cancellationToken);
                break;
            case ScheduleMove.End end:
                await EndAsync(run, end.Fault, cancellationToken);
                break;
            case ScheduleMove.Forget:
                await database.WriteAsync(unit => ScheduleRunRows.Forget(unit, run), cancellationToken);
                break;
            case ScheduleMove.Wait wait:
                await PostponeAsync(run, wait.Why, wait.IsForBackup, cancellationToken);
                break;
        }
    }

    private async Task BeginAsync(ScheduleSeen seen, string? parentId, CancellationToken cancellationToken)
    {
        var (run, instance) = (seen.Run, seen.Instance!);
        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var backup = NewBackup.Of(instance, ids.NewId(), BackupPlace.NewSecret(), NameOf(seen.Schedule, run, instance), seen.Now) with
        {
            ParentId = parentId,
            ScheduleId = run.ScheduleId,
            Verification = seen.Schedule.Verify ? VerificationState.Waiting : VerificationState.Unknown,
        };
        var start = await database.WriteIfAsync(
            unit => ScheduleRunRows.TryBegin(unit, run, backup.Id, LookAgain)
                ? BackupStarts.Create(unit, backup, operationId, historyId)
                : BackupStart.Changed,
            one => one == BackupStart.Begun,
            cancellationToken);
        switch (start)
        {
            case BackupStart.Begun:
                signals.OperationIsDue();
                break;
            case BackupStart.OverQuota:
                await EndAsync(run, "The project has as many backups as it may have.", cancellationToken);
                break;
            default:
                // Somebody else has the run, or the instance has changed: what is to be done then is seen at the next look.
                await PostponeAsync(run, run.Fault, isPatient: false, cancellationToken);
                break;
        }
    }

    private Task PostponeAsync(ScheduleRun run, string? why, bool isPatient, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => ScheduleRunRows.Postpone(unit, run, LookAgain, why, isPatient), cancellationToken);

    private Task EndAsync(ScheduleRun run, string? fault, CancellationToken cancellationToken)
    {
        var historyId = ids.NewId();
        return database.WriteAsync(
            unit =>
            {
                if (!ScheduleRunRows.TryEnd(unit, run, fault))
                {
                    return;
                }

                ScheduleRows.SetFault(unit, run.ScheduleId, fault);
                if (fault is not null)
                {
                    HistoryRows.Add(unit, new HistoryEntry
                    {
                        Id = historyId, InstanceId = run.InstanceId, At = ControlPlaneRows.Now(unit), Event = "scheduled-backup",
                        Outcome = "failed", Detail = fault,
                    });
                }
            },
            cancellationToken);
    }

    // For people: which schedule, when, and of a whole project what.
    private static string NameOf(BackupSchedule schedule, ScheduleRun run, Instance instance)
    {
        var due = DateTimeOffset.FromUnixTimeMilliseconds(run.Due).ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture);
        return schedule.InstanceId is null ? $"{schedule.Name}-{instance.Name}-{due}" : $"{schedule.Name}-{due}";
    }
}
