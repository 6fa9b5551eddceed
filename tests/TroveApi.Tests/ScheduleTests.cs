using Dbaas.Domain.Backups.Schedules;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class ScheduleTests : IAsyncLifetime
{
    private TestApi api = null!;
    private string instance = null!;

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync(TestApi.Relaxed with { MaxBackupSchedules = 3 });
        instance = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_schedule_is_made_shown_listed_changed_and_deleted()
    {
        var id = await MakeAsync($$"""
            "instance": "{{instance}}", "cron": "0 3 * * *", "time_zone": "Europe/Berlin", "incremental": true, "keep_days": 14
            """);

        var shown = (await api.GetAsync($"/backup_schedules/{id}")).Expect(200)["backup_schedule"]!;
        Assert.Equal(
            ("nightly", instance, "0 3 * * *", "Europe/Berlin", true, 7, 14),
            (
                shown["name"]!.GetValue<string>(), shown["instance_id"]!.GetValue<string>(), shown["cron"]!.GetValue<string>(),
                shown["time_zone"]!.GetValue<string>(), shown["incremental"]!.GetValue<bool>(), shown["full_every"]!.GetValue<int>(),
                shown["keep_days"]!.GetValue<int>()));
        Assert.Matches("T0[12]:00:00$", shown["next_due"]!.GetValue<string>());
        Assert.Null(shown["keep_last"]);
        Assert.Empty(shown["runs"]!.AsArray());

        var changed = (await ChangeAsync(id, """ "cron": "30 4 * * *", "time_zone": "UTC", "keep_days": null, "keep_last": 5 """))
            .Expect(200)["backup_schedule"]!;
        Assert.EndsWith("T04:30:00", changed["next_due"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((null, 5), (changed["keep_days"]?.GetValue<int>(), changed["keep_last"]!.GetValue<int>()));

        foreach (var list in new[] { "/backup_schedules", $"/instances/{instance}/backup_schedules" })
        {
            Assert.Equal(
                id, Assert.Single((await api.GetAsync(list)).Expect(200)["backup_schedules"]!.AsArray())!["id"]!.GetValue<string>());
        }

        (await api.DeleteAsync($"/backup_schedules/{id}")).Expect(204);
        (await api.GetAsync($"/backup_schedules/{id}")).Expect(404);
        (await api.DeleteAsync($"/backup_schedules/{id}")).Expect(404);
    }

    [Fact]
    public async Task A_schedule_without_an_instance_is_of_the_whole_project_and_shown_with_each_that_it_backs_up()
    {
        var slave = await api.CreateSlaveAsync(instance);
        var id = await MakeAsync(""" "cron": "0 3 * * *" """);

        var shown = (await api.GetAsync($"/instances/{instance}")).Expect(200)["instance"]!["backup_schedules"]!;
        Assert.Equal((id, "nightly"), (shown[0]!["id"]!.GetValue<string>(), shown[0]!["name"]!.GetValue<string>()));
        Assert.Null((await api.GetAsync($"/instances/{slave}")).Expect(200)["instance"]!["backup_schedules"]);
    }

    [Fact]
    public async Task A_backup_names_its_schedule_and_is_found_by_it()
    {
        var id = await MakeAsync($$""" "instance": "{{instance}}", "cron": "0 3 * * *" """);
        var backup = await api.AddBackupAsync(instance);
        await api.AddBackupAsync(instance);
        await api.Database.WriteAsync(
            unit => unit.Execute("UPDATE backups SET schedule_id = @id WHERE id = @backup", new { id, backup }), CancellationToken.None);

        var shown = (await api.GetAsync($"/backups/{backup}")).Expect(200)["backup"]!;
        Assert.Equal((id, "nightly"), (shown["schedule_id"]!.GetValue<string>(), shown["schedule_name"]!.GetValue<string>()));
        Assert.Single((await api.GetAsync($"/backups?schedule_id={id}")).Expect(200)["backups"]!.AsArray());

        (await api.DeleteAsync($"/backup_schedules/{id}")).Expect(204);
        Assert.Null((await api.GetAsync($"/backups/{backup}")).Expect(200)["backup"]!["schedule_name"]);
    }

    [Fact]
    public async Task How_a_run_stands_is_shown()
    {
        var id = await MakeAsync($$""" "instance": "{{instance}}", "cron": "0 3 * * *" """);
        await api.Database.WriteAsync(unit => ScheduleRunRows.Put(unit, id, instance, 1000), CancellationToken.None);
        var run = (await api.Database.ReadAsync(unit => ScheduleRunRows.Of(unit, id), CancellationToken.None))[0];
        await api.Database.WriteAsync(unit => ScheduleRunRows.TryEnd(unit, run, "It was stopped."), CancellationToken.None);

        var shown = (await api.GetAsync($"/backup_schedules/{id}")).Expect(200)["backup_schedule"]!["runs"]![0]!;
        Assert.Equal(("FAILED", "It was stopped."), (shown["state"]!.GetValue<string>(), shown["fault"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(""" "cron": "* * * * *" """, 400, "more often than")]
    [InlineData(""" "cron": "nightly" """, 400, "five fields")]
    [InlineData(""" "cron": "0 3 * * *", "time_zone": "Mars/Olympus" """, 400, "no time zone")]
    [InlineData(""" "cron": "0 3 * * *", "full_every": 3 """, 400, "is for schedules that are incremental")]
    [InlineData(""" "cron": "0 3 * * *", "keep_last": 0 """, 400, "minimum")]
    [InlineData(""" "cron": "0 3 * * *", "keep": 1 """, 400, "is not known here")]
    [InlineData(""" "cron": "0 3 * * *", "instance": "none" """, 404, "cannot be found")]
    [InlineData(""" "incremental": true """, 400, "'cron' is a required property")]
    public async Task What_cannot_be_a_schedule_is_refused(string body, int status, string why)
    {
        (await PostAsync(body)).ExpectFault(status, why);
        Assert.Empty((await api.GetAsync("/backup_schedules")).Expect(200)["backup_schedules"]!.AsArray());
    }

    [Fact]
    public async Task A_project_has_so_many_schedules_and_no_more_also_when_they_are_asked_for_at_once()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(""" "cron": "0 3 * * *" """)));

        Assert.Equal(3, replies.Count(reply => reply.Status == 201));
        Assert.All(replies.Where(reply => reply.Status != 201), reply => reply.ExpectFault(413, "backup_schedules"));
        var id = replies.First(reply => reply.Status == 201).Json["backup_schedule"]!["id"]!.GetValue<string>();
        (await api.DeleteAsync($"/backup_schedules/{id}")).Expect(204);
        (await PostAsync(""" "cron": "0 3 * * *" """)).Expect(201);
    }

    [Fact]
    public async Task Lists_have_pages()
    {
        for (var number = 0; number < 3; number++)
        {
            await MakeAsync(""" "cron": "0 3 * * *" """);
        }

        var first = (await api.GetAsync("/backup_schedules?limit=2")).Expect(200);
        Assert.Equal(2, first["backup_schedules"]!.AsArray().Count);
        var marker = first["backup_schedules"]![1]!["id"]!.GetValue<string>();
        Assert.Contains($"marker={marker}", first["links"]![0]!["href"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single((await api.GetAsync($"/backup_schedules?limit=2&marker={marker}")).Expect(200)["backup_schedules"]!.AsArray());
    }

    [Fact]
    public async Task A_name_alone_is_changed_and_the_schedule_is_due_when_it_was()
    {
        var id = await MakeAsync(""" "cron": "0 3 * * *" """);
        await api.Database.WriteAsync(
            unit => unit.Execute("UPDATE backup_schedules SET next_due = 1000 WHERE id = @id", new { id }), CancellationToken.None);

        (await ChangeAsync(id, """ "name": "other" """)).Expect(200);

        BackupSchedule? row = await api.Database.ReadAsync(unit => ScheduleRows.Find(unit, id), CancellationToken.None);
        Assert.Equal(("other", 1000), (row!.Name, row.NextDue));
    }

    private async Task<string> MakeAsync(string body) =>
        (await PostAsync(body)).Expect(201)["backup_schedule"]!["id"]!.GetValue<string>();

    private Task<Reply> PostAsync(string body) =>
        api.PostAsync("/backup_schedules", $$$"""{"backup_schedule": {"name": "nightly", {{{body}}}}}""");

    private Task<Reply> ChangeAsync(string id, string body) =>
        api.SendAsync("PATCH", $"/backup_schedules/{id}", $$$"""{"backup_schedule": {{{{body}}}}}""", TestApi.Member);
}
