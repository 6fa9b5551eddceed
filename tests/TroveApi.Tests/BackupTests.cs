using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.GuestProtocol;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class BackupTests : IAsyncLifetime
{
    private TestApi api = null!;
    private string instance = null!;

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        instance = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_backup_is_begun_and_the_instance_says_so_and_can_still_be_worked_on()
    {
        var backup = await BackUpAsync();

        Assert.Equal("NEW", (await api.GetAsync($"/backups/{backup}")).Expect(200)["backup"]!["status"]!.GetValue<string>());
        Assert.Equal("BACKUP", (await api.GetAsync($"/instances/{instance}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
        (await api.PostAsync($"/instances/{instance}/action", """{"restart": {}}""")).Expect(202);
    }

    [Fact]
    public async Task A_list_can_be_of_one_datastore_by_its_name_or_id()
    {
        var backup = await api.AddBackupAsync(instance);
        var datastore = (await api.GetAsync("/datastores/mariadb")).Expect(200)["datastore"]!["id"]!.GetValue<string>();

        Assert.Equal([backup], await ListAsync("mariadb"));
        Assert.Equal([backup], await ListAsync(datastore));
        Assert.Empty(await ListAsync("mysql"));
        (await api.GetAsync("/backups?datastore=none")).ExpectFault(404, "Resource none cannot be found");

        async Task<IEnumerable<string>> ListAsync(string of) =>
            (await api.GetAsync($"/backups?datastore={of}")).Expect(200)["backups"]!.AsArray()
            .Select(one => one!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_backups_lie_is_nothing_to_choose_and_that_is_said()
    {
        var wanted = """{"backup_strategy": {"swift_container": "mine"}}""";

        Assert.Empty((await api.GetAsync("/backup_strategies")).Expect(200)["backup_strategies"]!.AsArray());
        (await api.PostAsync("/backup_strategies", wanted)).ExpectFault(422, "chosen by the operator");
    }

    [Fact]
    public async Task A_second_backup_waits_for_nobody_and_is_refused()
    {
        await BackUpAsync();

        (await PostAsync("b2")).ExpectFault(422, "instance status was BACKUP");
    }

    [Fact]
    public async Task What_is_under_way_is_not_deleted_and_what_is_being_deleted_is_not_restored()
    {
        var running = await BackUpAsync();
        (await api.DeleteAsync($"/backups/{running}")).ExpectFault(422, "cannot be deleted because it is running");

        var complete = await api.AddBackupAsync(instance);
        (await api.DeleteAsync($"/backups/{complete}")).Expect(202);
        (await api.DeleteAsync($"/backups/{complete}")).ExpectFault(422, "is being deleted already");
        (await RestoreAsync(complete, 5)).Expect(422);
    }

    [Fact]
    public async Task A_backup_goes_with_those_that_follow_on_it()
    {
        var parent = await api.AddBackupAsync(instance);
        var child = await api.AddBackupAsync(instance, parentId: parent);

        (await api.DeleteAsync($"/backups/{parent}")).Expect(202);

        Assert.NotNull((await api.Database.ReadAsync(unit => BackupRows.Find(unit, child), CancellationToken.None))!.LockOwner);
    }

    [Fact]
    public async Task What_a_backup_follows_on_is_complete_and_of_the_same_instance()
    {
        var other = await api.CreateReadyAsync();
        var strange = await api.AddBackupAsync(other);
        var failed = await api.AddBackupAsync(instance, BackupState.Failed);
        var good = await api.AddBackupAsync(instance);

        (await PostAsync("b", $$""", "parent_id": "{{strange}}" """)).ExpectFault(400, "is of another instance");
        (await PostAsync("b", $$""", "parent_id": "{{failed}}" """)).ExpectFault(400, "is not completed");
        (await PostAsync("b", """, "parent_id": "none" """)).Expect(404);
        var made = (await PostAsync("b", """, "incremental": 1 """)).Expect(202)["backup"]!;
        Assert.Equal(good, made["parent_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_following_backups_are_made_from_the_log_they_need_an_instance_that_always_keeps_it()
    {
        var keeper = await api.CreateReadyAsync("keeper", more: """, "binary_log": "always" """);
        foreach (var id in new[] { instance, keeper })
        {
            await SaysAsync(id, "backups backups-follow-by-log");
            await api.AddBackupAsync(id);
        }

        (await PostAsync("b", """, "incremental": 1 """)).ExpectFault(422, "binary_log: always");
        (await PostAsync("b")).Expect(202);
        instance = keeper;
        (await PostAsync("b", """, "incremental": 1 """)).Expect(202);
    }

    [Fact]
    public async Task A_restore_needs_a_complete_backup_and_a_volume_that_holds_it()
    {
        (await RestoreAsync(await api.AddBackupAsync(instance, BackupState.Failed), 5)).ExpectFault(409, "Actual state: FAILED.");
        (await RestoreAsync(await api.AddBackupAsync(instance), 2)).ExpectFault(403, "is too small");
        (await RestoreAsync(await api.AddBackupAsync(instance), 5)).Expect(200);
    }

    [Fact]
    public async Task Lists_show_the_projects_backups_or_those_of_an_instance()
    {
        var other = await api.CreateReadyAsync();
        var (one, two) = (await api.AddBackupAsync(instance), await api.AddBackupAsync(other));

        Assert.Equal([two, one], await IdsAsync("/backups"));
        Assert.Equal([one], await IdsAsync($"/backups?instance_id={instance}"));
        Assert.Equal([two], await IdsAsync($"/instances/{other}/backups"));
        Assert.Equal([two], await IdsAsync("/backups?limit=1"));
        Assert.Equal([one], await IdsAsync($"/backups?limit=1&marker={two}"));
    }

    private Task SaysAsync(string id, string capabilities) => api.Database.WriteAsync(
        unit =>
        {
            GuestRows.SetAgent(
                unit,
                id,
                new AgentFacts
                {
                    AgentVersion = "1",
                    Protocol = ProtocolVersion.Current,
                    NewestProtocol = ProtocolVersion.Current,
                    Capabilities = capabilities,
                });
        },
        CancellationToken.None);

    private async Task<IEnumerable<string>> IdsAsync(string path) =>
        (await api.GetAsync(path)).Expect(200)["backups"]!.AsArray().Select(backup => backup!["id"]!.GetValue<string>());

    private Task<Reply> PostAsync(string name, string more = "") =>
        api.PostAsync("/backups", $$"""{"backup": {"name": "{{name}}", "instance": "{{instance}}" {{more}} } }""");

    private Task<Reply> RestoreAsync(string backup, int size) => api.PostAsync(
        "/instances",
        $$"""
        {"instance": {"name": "r", "flavorRef": "7", "volume": {"size": {{size}} }, "restorePoint": {"backupRef": "{{backup}}"} } }
        """);

    private async Task<string> BackUpAsync() => (await PostAsync("b1")).Expect(202)["backup"]!["id"]!.GetValue<string>();
}
