using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class ScheduleTests : TroveTest
{
    private const string Id = "c9832168-7541-4536-b8d9-a8a9b79cf1b4";

    [Fact]
    public async Task A_schedule_is_made_with_the_arguments_of_Troves_client()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("POST /backup_schedules", One(), 201);

        var result = await TroveAsync("schedule-create", "m1", "0 3 * * *", "nightly", "--incremental", "--keep-days", "14", "--verify");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            $$$"""{"name":"nightly","cron":"0 3 * * *","instance":"{{{Documents.MasterId}}}","incremental":true,"verify":true,"keep_days":14}""",
            Cloud.Sent("POST /backup_schedules")["backup_schedule"]!.ToJsonString());
        Assert.Contains("next_due     2014-06-14T03:00:00\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"2014-06-13T03:00:00 FAILED It was stopped. ({Documents.MasterId})\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_is_the_whole_project()
    {
        Cloud.Answers("POST /backup_schedules", One(), 201);

        var result = await TroveAsync("schedule-create", "all", "0 3 * * *", "nightly");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            """{"name":"nightly","cron":"0 3 * * *"}""", Cloud.Sent("POST /backup_schedules")["backup_schedule"]!.ToJsonString());
    }

    [Fact]
    public async Task Schedules_are_listed_shown_changed_and_deleted_by_their_names()
    {
        Cloud.Answers("GET /backup_schedules", $$"""{"backup_schedules": [{{Schedule()}}]}""")
            .Answers($"GET /backup_schedules/{Id}", One())
            .Answers($"PATCH /backup_schedules/{Id}", One())
            .Answers($"DELETE /backup_schedules/{Id}", "", 204)
            .Answers($"GET /backups?schedule_id={Id}", """{"backups": [{"id": "b", "name": "nightly-20140613-0300", "status": "COMPLETED"}]}""");

        var listed = await TroveAsync("schedule-list");
        var shown = await TroveAsync("schedule-show", "nightly");
        var changed = await TroveAsync("schedule-update", "nightly", "--keep-days", "0", "--keep-last", "3");
        var executions = await TroveAsync("execution-list", "nightly");
        var deleted = await TroveAsync("schedule-delete", "nightly");

        Assert.Contains($"{Id}  nightly  0 3 * * *  UTC", listed.Output, StringComparison.Ordinal);
        Assert.Contains("cron         0 3 * * *\n", shown.Output, StringComparison.Ordinal);
        Assert.Equal("nightly is changed.\n", changed.Output);
        Assert.Equal(
            """{"keep_last":3,"keep_days":null}""",
            Cloud.Sent($"PATCH /backup_schedules/{Id}")["backup_schedule"]!.ToJsonString());
        Assert.Contains("nightly-20140613-0300", executions.Output, StringComparison.Ordinal);
        Assert.Equal("nightly is deleted.\n", deleted.Output);
    }

    [Fact]
    public async Task A_change_of_nothing_is_a_mistake() =>
        Assert.Equal(ExitCodes.Usage, (await TroveAsync("schedule-update", "nightly")).Exit);

    [Fact]
    public async Task An_instance_is_deleted_after_a_last_backup_and_a_backup_that_fails_is_told()
    {
        var path = $"/instances/{Documents.SlaveId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Slave("ACTIVE")))
            .Answers($"DELETE {path}?final_backup=the%20last", "", 202)
            .Answers($"GET {path}", Documents.Instance(Documents.Slave("BACKUP", Operation)))
            .Answers($"GET {path}", Documents.Instance(Documents.Slave("ACTIVE", """, "fault": {"message": "Its last backup failed."}""")));

        var result = await TroveAsync("delete", "s1", "--final-backup", "the last", "--wait");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.EndsWith("trove: s1 is ACTIVE: Its last backup failed.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protection_is_given_and_taken_away()
    {
        var path = $"/instances/{Documents.MasterId}";
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master())).Answers($"PATCH {path}", "", 202)
            .Answers("GET /flavors", Documents.Flavors)
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        await TroveAsync("create", "m1", "7", "--size", "2", "--deletion-protection");
        Assert.True((bool?)Cloud.Sent("POST /instances")["instance"]!["deletion_protection"]);
        foreach (var (word, expected) in new[] { ("on", true), ("off", false) })
        {
            Assert.Equal("The change of m1 is accepted.\n", (await TroveAsync("update", "m1", "--deletion-protection", word)).Output);
            Assert.Equal(expected, (bool?)Cloud.Sent($"PATCH {path}")["instance"]!["deletion_protection"]);
        }

        Assert.Equal(ExitCodes.Usage, (await TroveAsync("update", "m1")).Exit);
    }

    private const string Operation = """, "operation": {"name": "delete-after-backup", "step": 1, "of": 2, "started": "2014-06-13T14:33:27"}""";

    private const string Runs = $$"""
        , "runs": [{"instance_id": "{{Documents.MasterId}}", "due": "2014-06-13T03:00:00", "state": "FAILED", "backup_id": null,
         "fault": "It was stopped."}]
        """;

    private static string One() => $$"""{"backup_schedule": {{Schedule(Runs)}} }""";

    private static string Schedule(string more = "") => $$"""
        {"id": "{{Id}}", "name": "nightly", "instance_id": "{{Documents.MasterId}}", "cron": "0 3 * * *", "time_zone": "UTC",
         "incremental": true, "next_due": "2014-06-14T03:00:00", "last_fault": null{{more}} }
        """;
}
