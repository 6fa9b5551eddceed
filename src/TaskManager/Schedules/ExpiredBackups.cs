using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.TaskManager.Schedules;

/// <summary>Deletes the backups that schedules made and do not keep any more, as their user could.</summary>
public sealed class ExpiredBackups(IDatabase database, ControlSignals signals, IIdSource ids) : IUpkeep
{
    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BackupSchedule> schedules;
        for (var after = ""; ; after = schedules[^1].Id)
        {
            var from = after;
            schedules = await database.ReadAsync(unit => ScheduleRows.WithRetention(unit, from), cancellationToken);
            if (schedules.Count == 0)
            {
                return;
            }

            foreach (var schedule in schedules)
            {
                var (made, now) = await database.ReadAsync(
                    unit => (BackupRows.OfSchedule(unit, schedule.Id), ControlPlaneRows.Now(unit)), cancellationToken);
                foreach (var expired in BackupRetention.Expired(schedule, made, now))
                {
                    await DeleteAsync(expired, now, cancellationToken);
                }
            }
        }
    }

    private async Task DeleteAsync(IReadOnlyList<Backup> expired, long now, CancellationToken cancellationToken)
    {
        var (operationId, historyId) = (ids.NewId(), ids.NewId());

        // Where one of them is restored, or another one follows on it, since they were looked at, the next look decides anew.
        if (await database.WriteIfAsync(
            unit => BackupStarts.Delete(unit, expired, operationId, historyId, now), isBegun => isBegun, cancellationToken))
        {
            signals.OperationIsDue();
        }
    }
}
