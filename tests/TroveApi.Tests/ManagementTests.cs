using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Domain.Guests;
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
        Assert.Equal("nova-1", shown["server_id"]!.GetValue<string>());
        Assert.Equal("compute7", shown["server"]!["host"]!.GetValue<string>());
        Assert.Equal("ACTIVE", shown["server"]!["status"]!.GetValue<string>());
        Assert.Equal("HEALTHY", shown["service_status"]!.GetValue<string>());
        Assert.False(shown["deleted"]!.GetValue<bool>());
        (await api.GetAsync($"/mgmt/instances/{id}")).ExpectFault(401, "admin privileges");
    }

    [Fact]
    public async Task The_certificate_of_a_database_is_told_to_its_owner_once_the_agent_has_told_it()
    {
        (await api.GetAsync($"/instances/{id}/certificate")).ExpectFault(404, "No certificate of instance");
        await api.FinishAsync(id, guest => guest with { Certificate = "PEM" });

        Assert.Equal("""{"certificate":"PEM"}""", (await api.GetAsync($"/instances/{id}/certificate")).Expect(200).ToJsonString());
    }

    [Theory]
    [InlineData("/instances/{0}", "instance")]
    [InlineData("/instances/detail", "instances")]
    [InlineData("/mgmt/instances", "instances")]
    [InlineData("/mgmt/instances/{0}", "instance")]
    public async Task An_administrator_sees_what_the_plane_calls_server_and_volume_and_nobody_else_does(string path, string member)
    {
        await WriteAsync(unit =>
        {
            ServerRows.Save(unit, new ServerFacts { InstanceId = id, ServerId = "nova-1", State = "Active", Seen = 1_700_000_000_000 });
            InstanceChanges.SetVolumeId(unit, id, "cinder-1");
        });
        path = string.Format(CultureInfo.InvariantCulture, path, id);

        var shown = One((await api.GetAsync(path, TestApi.Admin)).Expect(200));

        Assert.Equal("nova-1", shown["server_id"]!.GetValue<string>());
        Assert.Equal("cinder-1", shown["volume_id"]!.GetValue<string>());
        Assert.True(shown["encrypted_rpc_messaging"]!.GetValue<bool>());
        if (!path.StartsWith("/mgmt", StringComparison.Ordinal))
        {
            var toItsOwner = One((await api.GetAsync(path)).Expect(200));
            Assert.All(
                ["server_id", "volume_id", "encrypted_rpc_messaging"], name => Assert.False(toItsOwner.AsObject().ContainsKey(name), name));
        }

        JsonNode One(JsonNode body) => body[member] is JsonArray all ? Assert.Single(all)! : body[member]!;
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
        await WriteAsync(
            unit => InstanceChanges.SetFault(unit, id, null, "Its agent did not call.", "The end of its console", 1_700_000_000_000));

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

        var begun = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await using (new FakeAgent(api, id))
        {
            (await api.PostAsync($"/instances/{id}/root", null)).Expect(200);
        }

        await WriteAsync(unit => InstanceChanges.Touch(unit, id, 4_000_000_000_000));
        var after = (await api.GetAsync($"/mgmt/instances/{id}/root", TestApi.Admin)).Expect(200)["root_history"]!;
        var enabled = DateTimeOffset.Parse(
            after["enabled"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.InRange(enabled, begun, TimeProvider.System.GetUtcNow());
        Assert.Equal($"{TestApi.Member}-id", after["user"]!.GetValue<string>());
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

    [Theory]
    [InlineData("hwinfo")]
    [InlineData("diagnostics")]
    [InlineData("rpc_ping")]
    public async Task A_guest_is_asked_by_administrators_only_also_when_its_database_is_down(string question)
    {
        await api.FinishAsync(id, guest => guest with { ServerState = "Stopped" });
        (await api.GetAsync($"/mgmt/instances/{id}/{question}")).ExpectFault(401, "admin privileges");
        (await api.GetAsync($"/mgmt/instances/{Guid.Empty}/{question}", TestApi.Admin)).ExpectFault(404, "cannot be found");

        await using (new FakeAgent(api, id))
        {
            Assert.InRange((await api.GetAsync($"/mgmt/instances/{id}/{question}", TestApi.Admin)).Status, 200, 204);
        }

        await SayHelloAsync("old", protocol: 1);
        (await api.GetAsync($"/mgmt/instances/{id}/{question}", TestApi.Admin))
            .ExpectFault(422, "The agent speaks version 1 of the guest protocol");
    }

    [Fact]
    public async Task A_guest_that_does_not_answer_is_a_bad_request_as_in_Trove()
    {
        await using var hasty = await TestApi.StartAsync(TestApi.Relaxed with { GuestTimeout = TimeSpan.FromMilliseconds(200) });
        var silent = await hasty.CreateReadyAsync();

        (await hasty.GetAsync($"/mgmt/instances/{silent}/rpc_ping", TestApi.Admin))
            .ExpectFault(400, "Timeout trying to connect to the Guest Agent.");
    }

    [Fact]
    public async Task An_agent_is_upgraded_to_the_release_that_there_is()
    {
        const string action = """{"upgrade_agent": {}}""";
        (await api.PostAsync($"/mgmt/instances/{id}/action", action, TestApi.Admin)).ExpectFault(422, "no release");
        await WriteAsync(unit => AgentReleaseRows.TryPublish(unit, Release, 1));
        await SayHelloAsync("1", protocol: 1);
        (await api.PostAsync($"/mgmt/instances/{id}/action", action, TestApi.Admin)).ExpectFault(422, "too old");
        await SayHelloAsync("2", protocol: 2);
        (await api.PostAsync($"/mgmt/instances/{id}/action", action, TestApi.Admin)).ExpectFault(422, "is 2 already");
        await SayHelloAsync("1", protocol: 2);
        (await api.PostAsync($"/mgmt/instances/{id}/action", """{"upgrade_agent": {"version": "3"}}""", TestApi.Admin)).ExpectFault(400, "not known here");

        (await api.PostAsync($"/mgmt/instances/{id}/action", action, TestApi.Admin)).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(id));
        Assert.Equal(OperationKinds.UpgradeAgent, operation.Kind);
        Assert.Equal("""{"version":"2","sha256":"ab","size":7}""", operation.Goal);
        var shown = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
        Assert.Equal(("ACTIVE", "upgrade-agent"), ((string?)shown["status"], (string?)shown["operation"]!["name"]));
    }

    [Fact]
    public async Task A_rollout_is_begun_shown_and_stopped_by_an_administrator()
    {
        const string begin = """{"rollout": {"wave_size": 3}}""";
        (await api.GetAsync("/mgmt/agents")).ExpectFault(401, "admin privileges");
        (await api.PostAsync("/mgmt/agents/rollout", begin)).ExpectFault(401, "admin privileges");
        (await api.DeleteAsync("/mgmt/agents/rollout")).ExpectFault(401, "admin privileges");
        (await api.PostAsync("/mgmt/agents/rollout", begin, TestApi.Admin)).ExpectFault(422, "no release");
        (await api.DeleteAsync("/mgmt/agents/rollout", TestApi.Admin)).ExpectFault(404, "No rollout");
        await WriteAsync(unit => AgentReleaseRows.TryPublish(unit, Release, 1));
        await SayHelloAsync("1", protocol: 2);
        (await api.PostAsync("/mgmt/agents/rollout", """{"rollout": {"wave_size": 0}}""", TestApi.Admin)).ExpectFault(400, "less than the minimum");
        (await api.PostAsync("/mgmt/agents/rollout", """{"rollout": {"size": 1}}""", TestApi.Admin)).ExpectFault(400, "not known here");

        (await api.PostAsync("/mgmt/agents/rollout", begin, TestApi.Admin)).Expect(202);

        (await api.PostAsync("/mgmt/agents/rollout", begin, TestApi.Admin)).ExpectFault(422, "under way");
        var shown = (await api.GetAsync("/mgmt/agents", TestApi.Admin)).Expect(200);
        Assert.Equal(
            ("2", "ab", 7L),
            ((string?)shown["release"]!["version"], (string?)shown["release"]!["sha256"], (long)shown["release"]!["size"]!));
        Assert.Equal(
            ("RUNNING", 3, 0),
            ((string?)shown["rollout"]!["state"], (int)shown["rollout"]!["wave_size"]!, (int)shown["rollout"]!["wave"]!));
        var agent = Assert.Single(shown["agents"]!.AsArray())!;
        Assert.Equal(
            (id, "1", 2, false),
            ((string?)agent["instance_id"], (string?)agent["version"], (int)agent["protocol"]!, (bool)agent["current"]!));

        (await api.DeleteAsync("/mgmt/agents/rollout", TestApi.Admin)).Expect(202);
        var stopped = (await api.GetAsync("/mgmt/agents", TestApi.Admin)).Expect(200)["rollout"]!;
        Assert.Equal(("STOPPED", "An administrator stopped it."), ((string?)stopped["state"], (string?)stopped["detail"]));
        (await api.PostAsync("/mgmt/agents/rollout", """{"rollout": {}}""", TestApi.Admin)).Expect(202);
    }

    private static AgentRelease Release => new() { Version = "2", Sha256 = "ab", Size = 7 };

    private Task<bool> SayHelloAsync(string version, int protocol) => WriteAsync(
        unit => GuestRows.SetAgent(unit, id, new AgentFacts { AgentVersion = version, Protocol = protocol }));

    private Task<bool> WriteAsync(Action<IUnit> work) => api.Database.WriteAsync(
        unit =>
        {
            work(unit);
            return true;
        },
        TestContext.Current.CancellationToken);
}
