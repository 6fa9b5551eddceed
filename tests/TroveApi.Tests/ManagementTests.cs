using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class ManagementTests : IAsyncLifetime
{
    private TestApi api = null!;
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        id = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_administrator_sees_the_server_from_what_is_kept_of_it()
    {
        await WriteAsync(unit => ServerRows.Save(
            unit, new ServerFacts { InstanceId = id, ServerId = "nova-1", Host = "compute7", State = "Active", Seen = 1_700_000_000_000 }));

        var shown = (await api.GetAsync($"/mgmt/instances/{id}", TestApi.Admin)).Expect(200)["instance"]!;

        Assert.Equal("nova-1", shown["server"]!["id"]!.GetValue<string>());
        Assert.Equal("compute7", shown["server"]!["host"]!.GetValue<string>());
        Assert.Equal("ACTIVE", shown["server"]!["status"]!.GetValue<string>());
        Assert.Equal("HEALTHY", shown["service_status"]!.GetValue<string>());
        Assert.False(shown["deleted"]!.GetValue<bool>());
        (await api.GetAsync($"/mgmt/instances/{id}")).ExpectFault(401, "admin privileges");
    }

    [Fact]
    public async Task Deleted_instances_are_listed_when_asked_for()
    {
        await WriteAsync(unit => InstanceChanges.SetDeleted(unit, id, 1_700_000_000_000));

        Assert.Empty((await api.GetAsync("/mgmt/instances", TestApi.Admin)).Expect(200)["instances"]!.AsArray());
        var gone = Assert.Single((await api.GetAsync("/mgmt/instances?deleted=true", TestApi.Admin)).Expect(200)["instances"]!.AsArray())!;
        Assert.True(gone["deleted"]!.GetValue<bool>());
        Assert.Equal("2023-11-14T22:13:20", gone["deleted_at"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"stop": {}}""", OperationKinds.StopDatabase)]
    [InlineData("""{"reboot": {}}""", OperationKinds.Reboot)]
    [InlineData("""{"migrate": {"host": "compute8"}}""", OperationKinds.Migrate)]
    [InlineData("""{"rebuild": {"image_id": "7b5c9f5e-6c1d-4a53-8a2f-0d9f0c3a1b2c"}}""", OperationKinds.Rebuild)]
    [InlineData("""{"rebuild": {}}""", OperationKinds.Rebuild)]
    [InlineData("""{"rebuild": null}""", OperationKinds.Rebuild)]
    [InlineData("""{"evacuate": {"host": "compute8"}}""", OperationKinds.Evacuate)]
    [InlineData("""{"evacuate": {}}""", OperationKinds.Evacuate)]
    public async Task An_action_starts_its_operation(string body, string kind)
    {
        (await api.PostAsync($"/mgmt/instances/{id}/action", body, TestApi.Admin)).Expect(202);

        Assert.Single(await api.OperationsAsync(id), one => one.Kind == kind);
        (await api.PostAsync($"/mgmt/instances/{id}/action", body, TestApi.Admin)).ExpectFault(422, "not currently available");
        (await api.PostAsync($"/mgmt/instances/{id}/action", """{"reset-task-status": {}}""", TestApi.Admin)).Expect(202);
        Assert.NotNull(Assert.Single(await api.OperationsAsync(id)).SupersededBy);
    }

    [Theory]
    [InlineData("""{"explode": {}}""", 400, "Invalid instance action: explode")]
    [InlineData("""{"stop": {}, "reboot": {}}""", 400, "exactly one")]
    [InlineData("""{"migrate": {"to": "x"}}""", 400, "not known here")]
    [InlineData("""{"rebuild": {"image": "x"}}""", 400, "not known here")]
    [InlineData("""{"rebuild": {"image_id": 7}}""", 400, "not of type 'string'")]
    [InlineData("""{"rebuild": {"image_id": ""}}""", 400, "'image_id' is empty")]
    [InlineData("""{"rebuild": "x"}""", 400, "not of type 'object'")]
    [InlineData("""{"evacuate": {"node": "x"}}""", 400, "not known here")]
    public async Task Other_actions_are_refused(string body, int status, string words) =>
        (await api.PostAsync($"/mgmt/instances/{id}/action", body, TestApi.Admin)).ExpectFault(status, words);

    [Theory]
    [InlineData("rebuild")]
    [InlineData("evacuate")]
    public async Task An_instance_without_a_server_can_be_given_one_and_nothing_else(string action)
    {
        await WriteAsync(unit => InstanceChanges.SetVanished(unit, id, "It is gone.", 1_700_000_000_000));
        Assert.Equal("ERROR", await StatusAsync());

        (await api.PostAsync($"/mgmt/instances/{id}/action", """{"reboot": {}}""", TestApi.Admin)).ExpectFault(422, "not currently available");
        (await api.PostAsync($"/mgmt/instances/{id}/action", $$"""{"{{action}}": {} }""")).ExpectFault(401, "admin privileges");
        (await api.PostAsync($"/mgmt/instances/{id}/action", $$"""{"{{action}}": {} }""", TestApi.Admin)).Expect(202);

        Assert.Equal("BUILD", await StatusAsync());
        (await api.PostAsync($"/mgmt/instances/{id}/action", $$"""{"{{action}}": {} }""", TestApi.Admin)).ExpectFault(422, "BUILD");
    }

    [Fact]
    public async Task An_instance_that_was_never_created_to_the_end_has_nothing_to_rebuild()
    {
        await WriteAsync(unit => InstanceChanges.SetFault(unit, id, Lifecycle.Failed, "It was not created.", null, 1_700_000_000_000));

        (await api.PostAsync($"/mgmt/instances/{id}/action", """{"rebuild": {}}""", TestApi.Admin)).ExpectFault(422, "ERROR");
    }

    [Fact]
    public async Task The_details_of_a_fault_are_for_administrators()
    {
        await WriteAsync(unit => InstanceChanges.SetFault(unit, id, null, "Its agent did not call.", "The end of its console", 1_700_000_000_000));

        var forAdmin = (await api.GetAsync($"/mgmt/instances/{id}", TestApi.Admin)).Expect(200)["instance"]!["fault"]!;
        var forUser = (await api.GetAsync($"/instances/{id}")).Expect(200);

        Assert.Equal("The end of its console", forAdmin["details"]!.GetValue<string>());
        Assert.Equal("Its agent did not call.", forUser["instance"]!["fault"]!["message"]!.GetValue<string>());
        Assert.DoesNotContain("console", forUser.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_of_root_says_when_it_was_enabled_and_by_whom()
    {
        var before = (await api.GetAsync($"/mgmt/instances/{id}/root", TestApi.Admin)).Expect(200)["root_history"]!;
        Assert.Equal(("Never", "Nobody"), (before["enabled"]!.GetValue<string>(), before["user"]!.GetValue<string>()));

        await using (new FakeAgent(api, id))
        {
            (await api.PostAsync($"/instances/{id}/root", null)).Expect(200);
        }

        await WriteAsync(unit => InstanceChanges.Touch(unit, id, 4_000_000_000_000));
        var after = (await api.GetAsync($"/mgmt/instances/{id}/root", TestApi.Admin)).Expect(200)["root_history"]!;
        Assert.StartsWith("20", after["enabled"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEqual("2096-10-02T07:06:40", after["enabled"]!.GetValue<string>());
        Assert.DoesNotContain(after["user"]!.GetValue<string>(), new[] { "Nobody", TestApi.Tenant });
    }

    [Fact]
    public async Task What_belongs_to_nothing_is_shown_and_goes_only_when_an_administrator_says_so()
    {
        await WriteAsync(unit => LeftoverRows.Saw(unit, "server", "stranger", 1_700_000_000_000));

        (await api.GetAsync("/mgmt/leftovers")).ExpectFault(401, "admin privileges");
        var one = Assert.Single((await api.GetAsync("/mgmt/leftovers", TestApi.Admin)).Expect(200)["leftovers"]!.AsArray())!;
        Assert.Equal("AwaitsDecision", one["removal"]!.GetValue<string>());
        (await api.DeleteAsync("/mgmt/leftovers/server/stranger", TestApi.Admin)).Expect(202);
        (await api.DeleteAsync("/mgmt/leftovers/server/nobody", TestApi.Admin)).ExpectFault(404, "nobody");
        Assert.Equal(
            LeftoverRemoval.Wanted,
            Assert.Single(await api.Database.ReadAsync(LeftoverRows.All, TestContext.Current.CancellationToken)).Removal);
    }

    private async Task<string> StatusAsync() =>
        (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["status"]!.GetValue<string>();

    private Task<bool> WriteAsync(Action<IUnit> work) => api.Database.WriteAsync(
        unit =>
        {
            work(unit);
            return true;
        },
        TestContext.Current.CancellationToken);
}
