using System.Text.Json;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups.Schedules;

/// <summary>A schedule as JSON.</summary>
internal static class ScheduleView
{
    /// <summary>One, with what is known of the last time that it was due.</summary>
    public static Answer One(BackupSchedule schedule, IReadOnlyList<ScheduleRun> runs, int status = 200) => Answer.Json(
        json =>
        {
            json.WriteStartObject("backup_schedule");
            Write(json, schedule);
            json.WriteStartArray("runs");
            foreach (var run in runs)
            {
                Write(json, run);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        },
        status);

    public static Answer Many(ApiRequest request, IReadOnlyList<BackupSchedule> page, string? next) => Answer.Json(json =>
    {
        json.WriteStartArray("backup_schedules");
        foreach (var schedule in page)
        {
            json.WriteStartObject();
            Write(json, schedule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Page.WriteNext(json, request, next);
    });

    private static void Write(Utf8JsonWriter json, BackupSchedule schedule)
    {
        json.WriteString("id", schedule.Id);
        json.WriteString("name", schedule.Name);
        json.WriteString("project_id", schedule.TenantId);
        json.WriteString("instance_id", schedule.InstanceId);
        json.WriteString("cron", schedule.Cron);
        json.WriteString("time_zone", schedule.TimeZone);
        json.WriteBoolean("incremental", schedule.Incremental);
        if (schedule.Incremental)
        {
            json.WriteNumber("full_every", schedule.FullEvery);
        }

        WriteNumber(json, "keep_last", schedule.KeepLast);
        WriteNumber(json, "keep_days", schedule.KeepDays);
        json.WriteBoolean("verify", schedule.Verify);
        WriteTime(json, "next_due", schedule.NextDue);
        WriteTime(json, "last_fired", schedule.LastFired);
        json.WriteString("last_fault", schedule.LastFault);
        json.WriteString("created", Times.Format(schedule.Created));
        json.WriteString("updated", Times.Format(schedule.Updated));
    }

    private static void Write(Utf8JsonWriter json, ScheduleRun run)
    {
        json.WriteStartObject();
        json.WriteString("instance_id", run.InstanceId);
        WriteTime(json, "due", run.Due);
        json.WriteString("state", run.State.ToString().ToUpperInvariant());
        json.WriteString("backup_id", run.BackupId);
        json.WriteString("fault", run.Fault);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long? value) =>
        json.WriteString(name, value is { } known ? Times.Format(known) : null);
}
