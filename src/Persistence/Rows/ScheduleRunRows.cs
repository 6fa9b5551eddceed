using Dbaas.Domain.Backups.Schedules;

namespace Dbaas.Persistence.Rows;

/// <summary>
/// What is under way of the schedules of backups: for each schedule and instance the last time that it was due. Every change names that
/// time and the state as it was read, so that of several who work on a run one succeeds.
/// </summary>
public static class ScheduleRunRows
{
    private const int MostAtOnce = 100;

    // In milliseconds: further away than any look at a run.
    private const long Far = 600_000;

    private const string Columns = "schedule_id, instance_id, due, since, state, full_only, backup_id, fault";

    /// <summary>It is due, from now on. What was under way of an earlier time is forgotten: its backup goes on by itself.</summary>
    public static void Put(IUnit unit, string scheduleId, string instanceId, long due)
    {
        unit.Execute(
            $"""
            INSERT INTO backup_schedule_runs ({Columns}, look_at) VALUES (@scheduleId, @instanceId, 0, 0, '', 0, NULL, NULL, 0)
            {unit.Dialect.UnlessExists("schedule_id")}
            """,
            new { scheduleId, instanceId });
        unit.Execute(
            $"""
            UPDATE backup_schedule_runs SET due = @due, since = {unit.Dialect.Now}, state = 'Waiting', full_only = 0,
              look_at = {unit.Dialect.Now}, backup_id = NULL, fault = NULL
            WHERE schedule_id = @scheduleId AND instance_id = @instanceId
            """,
            new { scheduleId, instanceId, due });
    }

    /// <summary>The runs of a schedule.</summary>
    public static IReadOnlyList<ScheduleRun> Of(IUnit unit, string scheduleId) =>
        unit.Query<ScheduleRun>(
            $"SELECT {Columns} FROM backup_schedule_runs WHERE schedule_id = @scheduleId ORDER BY instance_id", new { scheduleId });

    /// <summary>Those that are not over and are to be looked at now, also where a clock was set back since that was said.</summary>
    public static IReadOnlyList<ScheduleRun> ToLookAt(IUnit unit) =>
        unit.Query<ScheduleRun>(
            $"""
            SELECT {Columns} FROM backup_schedule_runs
            WHERE state IN ('Waiting', 'Begun') AND (look_at <= {unit.Dialect.Now} OR look_at > {unit.Dialect.Now} + @far)
            ORDER BY look_at LIMIT @limit
            """,
            new { far = Far, limit = MostAtOnce });

    /// <summary>Its backup is begun, and is looked at after a while. First in the unit that begins it.</summary>
    /// <returns>False: somebody else has begun it, or it was due again since.</returns>
    public static bool TryBegin(IUnit unit, ScheduleRun run, string backupId, TimeSpan lookAgainIn) =>
        unit.Execute(
            $"""
            UPDATE backup_schedule_runs SET state = 'Begun', backup_id = @backupId, fault = NULL, look_at = {unit.Dialect.Now} + @wait
            WHERE schedule_id = @ScheduleId AND instance_id = @InstanceId AND due = @Due AND state = 'Waiting'
            """,
            new { run.ScheduleId, run.InstanceId, run.Due, backupId, wait = (long)lookAgainIn.TotalMilliseconds }) == 1;

    /// <summary>Nothing to do yet: it is looked at again.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="run">The run.</param>
    /// <param name="wait">When.</param>
    /// <param name="why">What it waits for.</param>
    /// <param name="isPatient">The time that it has waited until now does not count.</param>
    public static void Postpone(IUnit unit, ScheduleRun run, TimeSpan wait, string? why, bool isPatient) =>
        unit.Execute(
            $"""
            UPDATE backup_schedule_runs SET look_at = {unit.Dialect.Now} + @wait, fault = @why
              {(isPatient ? $", since = {unit.Dialect.Now}" : "")}
            WHERE schedule_id = @ScheduleId AND instance_id = @InstanceId AND due = @Due AND state = @state
            """,
            new
            {
                run.ScheduleId,
                run.InstanceId,
                run.Due,
                state = run.State.ToString(),
                wait = (long)wait.TotalMilliseconds,
                why = Cut(why),
            });

    /// <summary>A full backup is to be taken, because the one that would have followed on another failed: it waits from now on.</summary>
    public static bool TryTakeFull(IUnit unit, ScheduleRun run, string why) =>
        unit.Execute(
            $"""
            UPDATE backup_schedule_runs SET state = 'Waiting', full_only = 1, since = {unit.Dialect.Now}, look_at = {unit.Dialect.Now},
              backup_id = NULL, fault = @why
            WHERE schedule_id = @ScheduleId AND instance_id = @InstanceId AND due = @Due AND state = 'Begun'
            """,
            new { run.ScheduleId, run.InstanceId, run.Due, why = Cut(why) }) == 1;

    /// <summary>It is over.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="run">The run.</param>
    /// <param name="fault">Why there is no backup of it; null: there is one.</param>
    public static bool TryEnd(IUnit unit, ScheduleRun run, string? fault) =>
        unit.Execute(
            """
            UPDATE backup_schedule_runs SET state = @ended, fault = @fault
            WHERE schedule_id = @ScheduleId AND instance_id = @InstanceId AND due = @Due AND state = @state
            """,
            new
            {
                run.ScheduleId,
                run.InstanceId,
                run.Due,
                state = run.State.ToString(),
                ended = (fault is null ? ScheduleRunState.Done : ScheduleRunState.Failed).ToString(),
                fault = Cut(fault),
            }) == 1;

    /// <summary>There is nothing any more that it would be about.</summary>
    public static void Forget(IUnit unit, ScheduleRun run) =>
        unit.Execute(
            "DELETE FROM backup_schedule_runs WHERE schedule_id = @ScheduleId AND instance_id = @InstanceId AND due = @Due",
            new { run.ScheduleId, run.InstanceId, run.Due });

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;
}
