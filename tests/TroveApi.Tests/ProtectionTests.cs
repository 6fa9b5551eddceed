using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>Instances that cannot be deleted, and those of which a last backup is taken first.</summary>
public sealed class ProtectionTests : IAsyncLifetime
{
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData(TestApi.Member)]
    [InlineData(TestApi.Admin)]
    public async Task A_protected_instance_is_deleted_by_nobody_until_its_protection_is_taken_away(string who)
    {
        var id = await api.CreateReadyAsync(more: """, "deletion_protection": true""");
        Assert.True((await ShowAsync(id))["deletion_protection"]!.GetValue<bool>());

        (await api.DeleteAsync($"/instances/{id}", who)).ExpectFault(403, "is protected from deletion");
        (await api.DeleteAsync($"/instances/{id}?final_backup=last", who)).ExpectFault(403, "is protected from deletion");
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {"force_delete": 1}}""", who)).Expect(202);
        (await api.DeleteAsync($"/instances/{id}", who)).ExpectFault(403, """{"instance": {"deletion_protection": false}}""");
        Assert.Empty(await api.OperationsAsync(id));

        (await api.SendAsync("PATCH", $"/instances/{id}", """{"instance": {"deletion_protection": false, "name": "soon gone"}}""", who))
            .Expect(202);
        var shown = await ShowAsync(id);
        Assert.Equal((false, "soon gone"), (shown["deletion_protection"]!.GetValue<bool>(), shown["name"]!.GetValue<string>()));
        (await api.DeleteAsync($"/instances/{id}", who)).Expect(202);
    }

    [Fact]
    public async Task What_is_being_deleted_is_protected_no_more()
    {
        var id = await api.CreateReadyAsync();
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        (await ProtectAsync(id)).ExpectFault(422, "SHUTDOWN");
    }

    [Fact]
    public async Task A_busy_instance_can_be_protected()
    {
        var id = await api.CreateReadyAsync();
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);

        (await ProtectAsync(id)).Expect(202);

        (await api.DeleteAsync($"/instances/{id}")).Expect(403);
    }

    [Fact]
    public async Task A_deletion_after_a_last_backup_begins_with_the_backup_and_the_instance_serves()
    {
        var id = await api.CreateReadyAsync();

        (await api.DeleteAsync($"/instances/{id}?final_backup=the%20last")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}?final_backup=again")).Expect(202);

        var shown = await ShowAsync(id);
        Assert.Equal(
            ("BACKUP", OperationKinds.DeleteAfterBackup),
            (shown["status"]!.GetValue<string>(), shown["operation"]!["name"]!.GetValue<string>()));
        var backup = Assert.Single((await api.GetAsync($"/instances/{id}/backups")).Expect(200)["backups"]!.AsArray())!;
        Assert.Equal(("the last", "NEW"), (backup["name"]!.GetValue<string>(), backup["status"]!.GetValue<string>()));
        Assert.Equal(
            [OperationKinds.CreateBackup, OperationKinds.DeleteAfterBackup],
            (await api.OperationsAsync(id)).Select(operation => operation.Kind).Order());
    }

    [Fact]
    public async Task A_deletion_that_waits_is_overruled_by_one_that_does_not_and_comes_too_late_behind_it()
    {
        var id = await api.CreateReadyAsync();
        (await api.DeleteAsync($"/instances/{id}?final_backup=last")).Expect(202);

        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        Assert.Equal("SHUTDOWN", (await ShowAsync(id))["status"]!.GetValue<string>());
        (await api.DeleteAsync($"/instances/{id}?final_backup=last")).ExpectFault(422, "is being deleted already");
    }

    [Fact]
    public async Task Where_no_backup_can_be_taken_nothing_is_begun()
    {
        var id = await api.CreateReadyAsync();
        var slave = await api.CreateSlaveAsync(id);
        await api.FinishAsync(slave);
        (await api.DeleteAsync($"/instances/{id}?final_backup=last")).ExpectFault(403, "Detach replicas");

        await api.FinishAsync(slave, guest => guest with { ServerState = "Stopped" });
        (await api.DeleteAsync($"/instances/{slave}?final_backup=last")).ExpectFault(422, "SHUTDOWN");

        await api.FinishAsync(slave);
        (await api.PutAsync("/mgmt/quotas/red", """{"quotas": {"backups": 0}}""", TestApi.Admin)).Expect(200);
        (await api.DeleteAsync($"/instances/{slave}?final_backup=last")).ExpectFault(413, "'backups'");
        Assert.Empty(await api.OperationsAsync(slave));
        Assert.Null((await api.Database.ReadAsync(unit => InstanceRows.Find(unit, slave), CancellationToken.None))!.RunningBackup);
    }

    [Theory]
    [InlineData("?final_backup=")]
    [InlineData("?final_backup=%2E")]
    [InlineData("?final_backup=a%0Ab")]
    [InlineData("?final_backup=a&final_backup=b")]
    [InlineData("?final_backup=a&more=b")]
    [InlineData("?final_backups=a")]
    public async Task A_query_that_is_no_name_of_a_backup_deletes_nothing(string query)
    {
        var id = await api.CreateReadyAsync();

        (await api.DeleteAsync($"/instances/{id}{query}")).Expect(400);

        Assert.Empty(await api.OperationsAsync(id));
    }

    [Fact]
    public async Task An_instance_of_which_a_backup_is_under_way_waits_for_none()
    {
        var id = await api.CreateReadyAsync();
        (await api.PostAsync("/backups", $$$"""{"backup": {"name": "b", "instance": "{{{id}}}"}}""")).Expect(202);

        (await api.DeleteAsync($"/instances/{id}?final_backup=last")).ExpectFault(422, "BACKUP");

        Assert.Equal(
            BackupState.New,
            Assert.Single(await api.Database.ReadAsync(
                unit => BackupRows.Page(unit, null, id, null, null, null, 10), CancellationToken.None)).State);
    }

    private Task<Reply> ProtectAsync(string id) =>
        api.PutAsync($"/instances/{id}", """{"instance": {"deletion_protection": true}}""");

    private async Task<System.Text.Json.Nodes.JsonNode> ShowAsync(string id) =>
        (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
}
