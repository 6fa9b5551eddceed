using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class PointInTimeTests : IAsyncLifetime
{
    // 2026-11-29T12:00:00Z, in Unix milliseconds.
    private const long Noon = 1795953600000;

    private ReadingDatabase read = null!;
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(wrap: inner => read = new ReadingDatabase(inner));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_instance_that_is_to_be_archived_has_its_log_always_and_says_so()
    {
        var id = await api.CreateReadyAsync("m1", more: """, "point_in_time_recovery": true """);

        Assert.True((await ShowAsync(id))["point_in_time_recovery"]!.GetValue<bool>());
        Assert.Contains(
            id, await api.Database.ReadAsync(unit => ArchivedLogRows.InstancesToArchive(unit, "", 100), CancellationToken.None));
        (await PutAsync(id, "false")).Expect(202);
        Assert.False((await ShowAsync(id))["point_in_time_recovery"]!.GetValue<bool>());
        (await PutAsync(id, "true")).Expect(202);
        (await CreateAsync("""
            "point_in_time_recovery": true, "binary_log": "when_replicating"
            """)).ExpectFault(400, "all the time");
        (await CreateAsync($$"""
            "point_in_time_recovery": true, "slaveOf": "{{id}}"
            """)).ExpectFault(400, "turn point_in_time_recovery on there");
    }

    [Fact]
    public async Task An_instance_without_a_log_that_is_always_on_is_refused()
    {
        var id = await api.CreateReadyAsync();

        (await PutAsync(id, "true")).ExpectFault(422, "binary_log 'always'");
        (await PutAsync(id, "\"yes\"")).ExpectFault(400, "boolean");
    }

    [Fact]
    public async Task A_moment_within_is_restored_from_the_newest_backup_before_it_with_the_logs_behind_that()
    {
        var id = await ArchivedAsync();
        var times = (await ShowAsync(id))["restorable_times"]!.AsArray();
        Assert.Equal("2026-11-29T12:00:10.000000Z", times[0]!["earliest"]!.GetValue<string>());
        Assert.Equal("2026-11-29T12:01:00.000000Z", times[0]!["latest"]!.GetValue<string>());

        var made = (await CreateAsync($$"""
            "restorePoint": {"instance": "{{id}}", "time": "2026-11-29T12:00:45"}
            """)).Expect(200)["instance"]!["id"]!.GetValue<string>();

        var goal = await GoalAsync(made);
        Assert.Equal(((Noon + 45_000) * 1000, null), (goal.Moment!.Until, goal.Moment.Transaction));
        var logs = await api.Database.ReadAsync(unit => ArchivedLogRows.Of(unit, id), CancellationToken.None);
        Assert.Equal([logs[1].Id], goal.Moment.LogIds);
        Assert.Equal(1, (await api.Database.ReadAsync(unit => BackupRows.Find(unit, goal.BackupId), CancellationToken.None))!.LockShared);
    }

    /// <summary>He is in the data then, and may be disabled.</summary>
    [Theory]
    [InlineData("2026-11-29T12:00:41Z", false)]
    [InlineData("2026-11-29T12:00:45Z", true)]
    public async Task Root_that_was_enabled_between_the_backup_and_the_moment_is_known(string moment, bool isEnabled)
    {
        var id = await ArchivedAsync();
        await api.Database.WriteAsync(
            unit => HistoryRows.Add(
                unit, new HistoryEntry { Id = id, InstanceId = id, At = Noon + 42_000, Event = "root-enabled", Outcome = "asked for" }),
            CancellationToken.None);

        var made = (await CreateAsync($$"""
            "restorePoint": {"instance": "{{id}}", "time": "{{moment}}"}
            """)).Expect(200)["instance"]!["id"]!.GetValue<string>();

        Assert.Equal(isEnabled, (await api.GetAsync($"/instances/{made}/root")).Expect(200)["rootEnabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_moment_out_of_reach_is_refused_with_what_is_within()
    {
        var id = await ArchivedAsync();
        foreach (var time in new[] { "2026-11-29T12:00:09.999999Z", "2026-11-29T12:01:00.000001Z" })
        {
            (await CreateAsync($$"""
                "restorePoint": {"instance": "{{id}}", "time": "{{time}}"}
                """)).ExpectFault(422, "from 2026-11-29T12:00:10.000000Z to 2026-11-29T12:01:00.000000Z");
        }

        var other = await api.CreateReadyAsync();
        (await CreateAsync($$"""
            "restorePoint": {"instance": "{{other}}", "time": "2026-11-29T12:00:45Z"}
            """)).ExpectFault(422, "no archived log");
    }

    [Theory]
    [InlineData("""{"instance": "ID"}""", "no time")]
    [InlineData("""{"time": "2026-11-29T12:00:45Z"}""", "neither a backupRef nor an instance")]
    [InlineData("""{"instance": "ID", "time": "at noon"}""", "is not a time")]
    [InlineData("""{"instance": "ID", "gtid": "0-1-2"}""", "name the backupRef")]
    [InlineData("""{"instance": "ID", "backupRef": "ID", "time": "2026-11-29T12:00:45Z"}""", "one of them is enough")]
    [InlineData("""{"backupRef": "ID", "gtid": "0-1-2", "time": "2026-11-29T12:00:45Z"}""", "one of them is enough")]
    [InlineData("""{"instance": "ID", "moment": "2026-11-29T12:00:45Z"}""", "is not known here")]
    public async Task A_restore_point_that_makes_no_sense_is_refused(string point, string words) =>
        (await CreateAsync($"\"restorePoint\": {point.Replace("ID", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)}"))
            .ExpectFault(400, words);

    [Fact]
    public async Task Backups_and_logs_are_read_where_they_are_shown_and_of_backups_those_that_the_logs_go_on_behind()
    {
        var id = await ArchivedAsync();
        await api.AddBackupAsync(id);
        await api.Database.WriteAsync(
            unit => unit.Execute("UPDATE backups SET created = 1, ended = 2 WHERE instance_id = @id AND created > @noon + 60000",
                new { id, noon = Noon }),
            CancellationToken.None);
        read.Take();

        Assert.Equal("2026-11-29T12:00:10.000000Z", (await ShowAsync(id))["restorable_times"]![0]!["earliest"]!.GetValue<string>());
        Assert.Contains(read.Take(), OfBackups);
        Assert.Equal(2, (await api.Database.ReadAsync(
            unit => BackupRows.CompletedSince(unit, id, Noon), CancellationToken.None)).Count);

        (await api.GetAsync("/instances/detail")).Expect(200);
        (await api.GetAsync($"/instances/{id}/topology")).Expect(200);
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);
        Assert.DoesNotContain(read.Take(), OfBackups);

        static bool OfBackups(string sql) =>
            sql.Contains("FROM backups", StringComparison.Ordinal) || sql.Contains("FROM archived_logs", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_anothers_is_not_there()
    {
        var id = await ArchivedAsync();

        (await CreateAsync(
            $$"""
            "restorePoint": {"instance": "{{id}}", "time": "2026-11-29T12:00:45Z"}
            """,
            "blue-member")).Expect(404);
    }

    private async Task<RestoreInstanceGoal> GoalAsync(string id)
    {
        var operation = await api.Database.ReadAsync(
            unit => OperationRows.Find(unit, InstanceRows.Find(unit, id)!.LockOwner!), CancellationToken.None);
        return JsonSerializer.Deserialize<RestoreInstanceGoal>(operation!.Goal!, JsonSerializerOptions.Web)!;
    }

    /// <summary>Two logs from noon on for half a minute each, and a backup in each of them, which takes 5 s.</summary>
    private async Task<string> ArchivedAsync()
    {
        var id = await api.CreateReadyAsync("m1", more: """, "point_in_time_recovery": true """);
        string? previous = null;
        for (var half = 0; half < 2; half++)
        {
            var (begun, log) = (Noon + (half * 30_000), Guid.CreateVersion7().ToString());
            var before = previous;
            await api.Database.WriteAsync(
                unit =>
                {
                    ArchivedLogRows.Insert(unit, new ArchivedLog
                    {
                        Id = log, TenantId = TestApi.Tenant, InstanceId = id, PreviousId = before, Place = log, Created = begun,
                    });
                    ArchivedLogChanges.TryTellBeginning(unit, log, "r", "{}", "", null, null, begun);
                    ArchivedLogChanges.TryTellPart(unit, log, "r", 1, 1, "00", "{}", "", (begun + 30_000) * 1000);
                    ArchivedLogChanges.Close(unit, ArchivedLogRows.Find(unit, log)!, null, null, begun + 30_000, 0);
                },
                CancellationToken.None);
            previous = log;
            var backup = await api.AddBackupAsync(id);
            await api.Database.WriteAsync(
                unit => unit.Execute(
                    "UPDATE backups SET created = @created, ended = @ended WHERE id = @backup",
                    new { backup, created = begun + 5_000, ended = (begun + 10_000) * 1000 }),
                CancellationToken.None);
        }

        return id;
    }

    private async Task<JsonNode> ShowAsync(string id) =>
        (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;

    private Task<Reply> PutAsync(string id, string value) =>
        api.PutAsync($"/instances/{id}", $$"""{"instance": {"point_in_time_recovery": {{value}} } }""");

    private Task<Reply> CreateAsync(string more, string token = TestApi.Member) => api.PostAsync(
        "/instances", $$"""{"instance": {"name": "r", "flavorRef": "7", "volume": {"size": 5}, {{more}} } }""", token);
}
