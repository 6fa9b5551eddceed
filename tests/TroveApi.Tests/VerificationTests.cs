using System.Text.Json.Nodes;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>Verification of backups: what is asked for, what is shown, and what nobody sees of it.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private const string Wish = """{"verify": {}}""";

    private TestApi api = null!;
    private string instance = null!;
    private string backup = null!;

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        instance = await api.CreateReadyAsync();
        backup = await api.AddBackupAsync(instance);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_backup_that_is_asked_for_waits_once_and_says_so()
    {
        var before = await ShowAsync();
        Assert.True(before.AsObject().ContainsKey("verified") && before["verified"] is null && before["verification"] is null);

        Assert.Equal("waiting", (await AskAsync()).Expect(202)["backup"]!["verification"]!.GetValue<string>());
        Assert.Equal("waiting", (await AskAsync()).Expect(202)["backup"]!["verification"]!.GetValue<string>());

        Assert.Equal([backup], await api.Database.ReadAsync(unit => VerificationRows.Due(unit, 10), CancellationToken.None));
        Assert.True(await WriteAsync(unit => VerificationRows.TryBegin(unit, backup, "hidden")));
        Assert.Equal("running", (await AskAsync()).Expect(202)["backup"]!["verification"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_was_found_is_shown_and_a_backup_that_did_not_pass_can_be_restored_and_says_so()
    {
        await FinishAsync(new Verdict(null, 2, 7, "abc", """[{"name": "`shop`.`t`", "rows": 7, "checksum": "1"}]"""));
        var good = await ShowAsync();
        Assert.Equal(("ok", 2, 7), (good["verified"]!.GetValue<string>(), (int)good["verified_tables"]!, (int)good["verified_rows"]!));
        Assert.NotNull(good["verified_at"]);
        var details = (await api.GetAsync($"/backups/{backup}/verification")).Expect(200)["verification"]!;
        Assert.Equal("`shop`.`t`", details["tables"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("ok", details["verified"]!.GetValue<string>());

        await FinishAsync(new Verdict("`shop`.`t`: Corrupt", 1, 0, "abc", "[]"));
        var bad = await ShowAsync();
        Assert.Equal("failed", bad["verified"]!.GetValue<string>());
        Assert.Equal("`shop`.`t`: Corrupt", bad["verified_fault"]!.GetValue<string>());
        var made = (await api.PostAsync(
            "/instances",
            $$"""
            {"instance": {"name": "r", "flavorRef": "7", "volume": {"size": 5}, "restorePoint": {"backupRef": "{{backup}}"} } }
            """)).Expect(200)["instance"]!["id"]!.GetValue<string>();
        var history = (await api.GetAsync($"/instances/{made}/history")).Expect(200);
        Assert.Contains("did not pass its verification", history.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_a_verification_from_being_done_is_shown_and_it_waits()
    {
        (await AskAsync()).Expect(202);
        await WriteAsync(unit => VerificationRows.TryBegin(unit, backup, "hidden"));

        await WriteAsync(unit =>
        {
            VerificationRows.PutOff(unit, backup, VerificationState.Running, "No room.", 1);
            return true;
        });

        var shown = await ShowAsync();
        Assert.Equal("waiting", shown["verification"]!.GetValue<string>());
        Assert.Equal("No room.", shown["verification_fault"]!.GetValue<string>());
        Assert.Null(shown["verified"]);
        Assert.Empty(await api.Database.ReadAsync(unit => VerificationRows.Due(unit, 10), CancellationToken.None));
        (await AskAsync()).Expect(202);
        Assert.Equal([backup], await api.Database.ReadAsync(unit => VerificationRows.Due(unit, 10), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_complete_is_refused()
    {
        backup = await api.AddBackupAsync(instance, BackupState.Failed);
        (await AskAsync()).ExpectFault(422, "is not completed. Actual state: FAILED.");

        backup = await api.AddBackupAsync(instance);
        (await api.DeleteAsync($"/backups/{backup}")).Expect(202);
        (await AskAsync()).ExpectFault(422, "is being deleted");
        (await api.PostAsync($"/backups/{backup}/action", """{"other": {}}""")).Expect(400);
    }

    [Fact]
    public async Task A_schedule_says_whether_its_backups_are_verified()
    {
        var made = (await api.PostAsync(
            "/backup_schedules",
            $$"""{"backup_schedule": {"name": "nightly", "cron": "0 3 * * *", "instance": "{{instance}}", "verify": true} }"""))
            .Expect(201)["backup_schedule"]!;
        Assert.True(made["verify"]!.GetValue<bool>());

        var changed = (await api.SendAsync(
            "PATCH", $"/backup_schedules/{made["id"]}", """{"backup_schedule": {"verify": false} }""", TestApi.Member)).Expect(200);

        Assert.False(changed["backup_schedule"]!["verify"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Where_the_operator_does_not_offer_it_that_is_said()
    {
        await using var other = await TestApi.StartAsync(new TroveApiOptions { OffersVerification = false, DefaultDatastore = "mariadb" });
        var id = await other.AddBackupAsync(await other.CreateReadyAsync());

        (await other.PostAsync($"/backups/{id}/action", Wish)).ExpectFault(422, "does not offer the verification");
        (await other.PostAsync("/backup_schedules", """{"backup_schedule": {"name": "n", "cron": "0 3 * * *", "verify": true} }"""))
            .ExpectFault(422, "does not offer the verification");
    }

    /// <summary>A hidden instance is an administrator's business.</summary>
    [Fact]
    public async Task No_user_sees_a_hidden_instance()
    {
        var id = Guid.CreateVersion7().ToString();
        var source = (await api.Database.ReadAsync(unit => InstanceRows.Find(unit, instance), CancellationToken.None))!;
        await WriteAsync(unit =>
        {
            InstanceRows.Insert(
                unit,
                source with
                {
                    Id = id, TenantId = Verifier.Project, Name = "verify-b", ServerNumber = 999, Lifecycle = Lifecycle.Building,
                });
            return true;
        });

        (await api.GetAsync($"/instances/{id}")).Expect(404);
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(404);
        Assert.DoesNotContain(id, (await api.GetAsync("/instances/detail")).Expect(200).ToJsonString(), StringComparison.Ordinal);
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""", TestApi.Admin)).Expect(422);
        Assert.Contains(id, (await api.GetAsync("/mgmt/instances", TestApi.Admin)).Expect(200).ToJsonString(), StringComparison.Ordinal);
    }

    private async Task FinishAsync(Verdict verdict)
    {
        (await AskAsync()).Expect(202);
        await WriteAsync(unit =>
        {
            VerificationRows.TryBegin(unit, backup, "hidden");
            VerificationRows.Finish(unit, backup, verdict, 1);
            return true;
        });
    }

    private Task<T> WriteAsync<T>(Func<IUnit, T> work) => api.Database.WriteAsync(work, CancellationToken.None);

    private Task<Reply> AskAsync() => api.PostAsync($"/backups/{backup}/action", Wish);

    private async Task<JsonNode> ShowAsync() => (await api.GetAsync($"/backups/{backup}")).Expect(200)["backup"]!;
}
