using Dbaas.Domain.Backups.Schedules;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups.Schedules;

/// <summary>What a body says of a schedule, read over one that there is (or over the defaults).</summary>
internal static class ScheduleRequest
{
    // The names of its backups are made from it, and are names too.
    private const int LongestName = 200;
    private const int LongestCron = 255;
    private const int LongestZone = 64;
    private const int MostBetweenFull = 100;
    private const int MostKept = 1000;
    private const int MostDays = 3650;
    private const int FullEveryDefault = 7;

    private static readonly string[] Changeable = 
    [
        "name", "cron", "time_zone", "incremental", "full_every", "keep_last", "keep_days", "verify",
    ];

    /// <summary>A new one: of an instance, or, where none is named, of all of the project.</summary>
    /// <returns>The schedule without ids and times, with the instance as it was named.</returns>
    public static BackupSchedule ParseNew(JsonField body)
    {
        var wanted = body.Only("backup_schedule")["backup_schedule"].Only(["instance", "instance_id", .. Changeable]);
        _ = (wanted["name"], wanted["cron"]);
        var instance = wanted.FindValue("instance_id") ?? wanted.FindValue("instance");
        return Read(wanted, new BackupSchedule { InstanceId = instance is { } named ? References.Of(named) : null });
    }

    /// <summary>A change: what is not said stays as it is; null takes a limit away.</summary>
    public static BackupSchedule ParseChange(JsonField body, BackupSchedule before) =>
        Read(body.Only("backup_schedule")["backup_schedule"].Only(Changeable), before);

    private static BackupSchedule Read(JsonField wanted, BackupSchedule before)
    {
        var schedule = before with
        {
            Name = wanted.Find("name") is { } name ? InstanceName.Read(name, LongestName) : before.Name,
            Cron = wanted.Find("cron") is { } cron ? cron.Line(LongestCron).Trim() : before.Cron,
            TimeZone = wanted.FindValue("time_zone")?.Line(LongestZone) ?? before.TimeZone,
            Incremental = wanted.FindValue("incremental")?.Flag() ?? before.Incremental,
            Verify = wanted.FindValue("verify")?.Flag() ?? before.Verify,
            KeepLast = Limit(wanted, "keep_last", MostKept, before.KeepLast),
            KeepDays = Limit(wanted, "keep_days", MostDays, before.KeepDays),
        };
        schedule = schedule with
        {
            FullEvery = (schedule.Incremental, wanted.FindValue("full_every")) switch
            {
                (false, { } field) => throw field.Bad("is for schedules that are incremental"),
                (false, null) => 0,
                (true, { } field) => field.Number(2, MostBetweenFull),
                (true, null) => before.FullEvery > 0 ? before.FullEvery : FullEveryDefault,
            },
        };
        return CronTimes.WhyNot(schedule.Cron, schedule.TimeZone) is { } why ? throw FaultException.BadRequest(why) : schedule;
    }

    private static int? Limit(JsonField wanted, string name, int most, int? before) => wanted.Find(name) switch
    {
        null => before,
        { IsNull: true } => null,
        { } field => field.Number(1, most),
    };
}
