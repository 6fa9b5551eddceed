using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Quotas;

namespace Dbaas.Persistence.Rows;

/// <summary>The schedules of backups. What is under way of them is in <see cref="ScheduleRunRows"/>.</summary>
public static class ScheduleRows
{
    private const int MostAtOnce = 100;
    private const long DayMilliseconds = 86_400_000;

    private const string Columns = """
        id, tenant_id, name, instance_id, cron, time_zone, incremental, full_every, keep_last, keep_days, next_due, last_fired, last_fault,
        created, updated, version, verify
        """;

    /// <summary>Adds a row.</summary>
    public static void Insert(IUnit unit, BackupSchedule schedule) =>
        unit.Execute(
            $"""
            INSERT INTO backup_schedules ({Columns}) VALUES (
              @Id, @TenantId, @Name, @InstanceId, @Cron, @TimeZone, @incremental, @FullEvery, @KeepLast, @KeepDays, @NextDue, NULL, NULL,
              @Created, @Updated, 0, @verify)
            """,
            new
            {
                schedule.Id,
                schedule.TenantId,
                schedule.Name,
                schedule.InstanceId,
                schedule.Cron,
                schedule.TimeZone,
                incremental = schedule.Incremental ? 1 : 0,
                schedule.FullEvery,
                schedule.KeepLast,
                schedule.KeepDays,
                schedule.NextDue,
                schedule.Created,
                schedule.Updated,
                verify = schedule.Verify ? 1 : 0,
            });

    /// <summary>The schedule; null: there is none.</summary>
    public static BackupSchedule? Find(IUnit unit, string id) =>
        unit.First<BackupSchedule>($"SELECT {Columns} FROM backup_schedules WHERE id = @id", new { id });

    /// <summary>Several, by id. Those that are gone are not among them.</summary>
    public static IReadOnlyDictionary<string, BackupSchedule> Find(IUnit unit, IReadOnlyCollection<string> ids) =>
        ids.Count == 0
            ? new Dictionary<string, BackupSchedule>()
            : unit.Query<BackupSchedule>($"SELECT {Columns} FROM backup_schedules WHERE id IN @ids", new { ids })
                .ToDictionary(schedule => schedule.Id);

    /// <summary>A page, in id order, from behind the marker.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tenantId">Their project.</param>
    /// <param name="instanceId">Only those that back this instance up: that name it, or its whole project; null: all.</param>
    /// <param name="after">The last id of the page before; null: from the beginning.</param>
    /// <param name="limit">At most so many.</param>
    public static IReadOnlyList<BackupSchedule> Page(IUnit unit, string tenantId, string? instanceId, string? after, int limit) =>
        unit.Query<BackupSchedule>(
            $"""
            SELECT {Columns} FROM backup_schedules
            WHERE tenant_id = @tenantId AND id > @after
              {(instanceId is null ? "" : "AND (instance_id = @instanceId OR instance_id IS NULL)")}
            ORDER BY id LIMIT @limit
            """,
            new { tenantId, instanceId, after = after ?? "", limit });

    /// <summary>
    /// Those that are due, the longest due first; and those whose next time was said by a clock that was set back by more than a day since.
    /// </summary>
    public static IReadOnlyList<BackupSchedule> Due(IUnit unit) =>
        unit.Query<BackupSchedule>(
            $"""
            SELECT {Columns} FROM backup_schedules
            WHERE next_due <= {unit.Dialect.Now}
              OR (next_due IS NOT NULL AND COALESCE(last_fired, created) > {unit.Dialect.Now} + @day)
            ORDER BY next_due LIMIT @limit
            """,
            new { limit = MostAtOnce, day = DayMilliseconds });

    /// <summary>How long until the next one is due; null: none is going to be.</summary>
    public static TimeSpan? UntilNextDue(IUnit unit) =>
        unit.First<long?>($"SELECT MIN(next_due) - {unit.Dialect.Now} FROM backup_schedules") is { } milliseconds
            ? TimeSpan.FromMilliseconds(Math.Max(0, milliseconds))
            : null;

    /// <summary>Those that say which of their backups are kept, in id order, from behind one.</summary>
    public static IReadOnlyList<BackupSchedule> WithRetention(IUnit unit, string after) =>
        unit.Query<BackupSchedule>(
            $"""
            SELECT {Columns} FROM backup_schedules WHERE (keep_last IS NOT NULL OR keep_days IS NOT NULL) AND id > @after
            ORDER BY id LIMIT @limit
            """,
            new { after, limit = MostAtOnce });

    /// <summary>It was due, and is due again at another time. Of several who find it due one succeeds.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="id">The schedule.</param>
    /// <param name="due">When it was due, as it was read.</param>
    /// <param name="nextDue">When it is due again; null: never.</param>
    /// <returns>False: somebody else was quicker, or its user has changed it.</returns>
    public static bool TryFire(IUnit unit, string id, long due, long? nextDue) =>
        unit.Execute(
            $"""
            UPDATE backup_schedules SET next_due = @nextDue, last_fired = {unit.Dialect.Now} WHERE id = @id AND next_due = @due
            """,
            new { id, due, nextDue }) == 1;

    /// <summary>Its last backup was not begun, or failed; null: nothing went wrong.</summary>
    public static void SetFault(IUnit unit, string id, string? fault) =>
        unit.Execute(
            "UPDATE backup_schedules SET last_fault = @fault WHERE id = @id",
            new { id, fault = fault is { Length: > 2000 } ? fault[..2000] : fault });

    /// <summary>Changed by its user, if nobody else has since it was read.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="schedule">As it is to be.</param>
    /// <param name="isMoved">It has other times: it is due by these. Otherwise it is due when it was.</param>
    /// <returns>False: somebody has, or it is gone.</returns>
    public static bool TryChange(IUnit unit, BackupSchedule schedule, bool isMoved) =>
        unit.Execute(
            """
            UPDATE backup_schedules SET name = @Name, cron = @Cron, time_zone = @TimeZone, incremental = @incremental,
              full_every = @FullEvery, keep_last = @KeepLast, keep_days = @KeepDays, verify = @verify,
              next_due = CASE WHEN @isMoved = 1 THEN @NextDue ELSE next_due END, updated = @Updated, version = version + 1
            WHERE id = @Id AND version = @Version
            """,
            new
            {
                schedule.Id,
                schedule.Name,
                schedule.Cron,
                schedule.TimeZone,
                incremental = schedule.Incremental ? 1 : 0,
                schedule.FullEvery,
                schedule.KeepLast,
                schedule.KeepDays,
                verify = schedule.Verify ? 1 : 0,
                schedule.NextDue,
                isMoved = isMoved ? 1 : 0,
                schedule.Updated,
                schedule.Version,
            }) == 1;

    /// <summary>It is over, with what it waits for. What it made stays.</summary>
    /// <returns>True when it went now.</returns>
    public static bool Delete(IUnit unit, BackupSchedule schedule)
    {
        if (unit.Execute("DELETE FROM backup_schedules WHERE id = @Id", new { schedule.Id }) == 0)
        {
            return false;
        }

        unit.Execute("DELETE FROM backup_schedule_runs WHERE schedule_id = @Id", new { schedule.Id });
        QuotaRows.GiveBack(unit, schedule.TenantId, QuotaResources.BackupSchedules, 1);
        return true;
    }

    /// <summary>An instance is gone, and with it those that name it.</summary>
    public static void DeleteOf(IUnit unit, string tenantId, string instanceId)
    {
        var ended = unit.Execute("DELETE FROM backup_schedules WHERE instance_id = @instanceId", new { instanceId });
        unit.Execute("DELETE FROM backup_schedule_runs WHERE instance_id = @instanceId", new { instanceId });
        if (ended > 0)
        {
            QuotaRows.GiveBack(unit, tenantId, QuotaResources.BackupSchedules, ended);
        }
    }
}
