using Dbaas.Persistence;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class InstanceTests : IAsyncLifetime
{
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Creating_writes_the_instance_its_operation_its_lock_and_its_history()
    {
        var id = await api.CreateAsync(more: """, "databases": [{"name": "shop"}], "users": [{"name": "app", "password": "s3", "databases": [{"name": "shop"}]}]""");

        var operation = Assert.Single(await api.OperationsAsync(id));
        Assert.Equal(OperationKinds.CreateInstance, operation.Kind);
        var goal = JsonSerializer.Deserialize<CreateInstanceGoal>(operation.Goal!)!;
        Assert.Equal("shop", goal.Databases.Single().Name);
        Assert.Equal("s3", goal.Users.Single().Password);
        var instance = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, id), CancellationToken.None);
        Assert.Equal(operation.Id, instance!.LockOwner);
        Assert.Equal(1001, instance.ServerNumber);
        Assert.Equal(BinaryLogChoice.WhenReplicating, instance.BinaryLog);
        var history = (await api.GetAsync($"/instances/{id}/history")).Expect(200)["history"]!.AsArray();
        Assert.Equal("create-instance started", $"{history[0]!["event"]} {history[0]!["outcome"]}");
    }

    [Fact]
    public async Task The_binary_log_can_be_chosen()
    {
        var id = await api.CreateAsync(more: """, "binary_log": "always" """);

        var instance = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, id), CancellationToken.None);
        Assert.Equal(BinaryLogChoice.Always, instance!.BinaryLog);
    }

    [Fact]
    public async Task Fifty_creates_at_once_against_a_limit_of_five_give_exactly_five()
    {
        (await api.PutAsync("/mgmt/quotas/red", """{"quotas": {"instances": 5, "volumes": -1}}""", TestApi.Admin)).Expect(200);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            api.PostAsync("/instances", $$$$"""{"instance": {"name": "i{{{{number}}}}", "flavorRef": 7, "volume": {"size": 1}}}""")));

        Assert.Equal(5, replies.Count(reply => reply.Status == 200));
        Assert.All(
            replies.Where(reply => reply.Status != 200), reply => reply.ExpectFault(413, "Quota exceeded for resources: ['instances']."));
        Assert.Equal(5, (await api.GetAsync("/instances")).Expect(200)["instances"]!.AsArray().Count);
        var quotas = (await api.GetAsync("/mgmt/quotas/red")).Expect(200)["quotas"]!.AsArray();
        Assert.Equal([0, 5, 2560, 5], quotas.Select(quota => quota!["in_use"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("naïve 数据库 \U0001F600")]
    [InlineData("quotes ' \" ` \\ / % _ ; -- and 1")]
    [InlineData(" blanks around ")]
    [InlineData("what breaks lines elsewhere \u2028 \u00a0")]
    public async Task Names_come_back_byte_for_byte(string name)
    {
        var body = new JsonObject
        {
            ["instance"] = new JsonObject { ["name"] = name, ["flavorRef"] = "7", ["volume"] = new JsonObject { ["size"] = 1 } },
        };

        var id = (await api.PostAsync("/instances", body.ToJsonString())).Expect(200)["instance"]!["id"]!.GetValue<string>();

        Assert.Equal(name, (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["name"]!.GetValue<string>());
        Assert.Equal(name, (await api.GetAsync("/instances")).Expect(200)["instances"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lists_are_paged_by_the_last_id()
    {
        (await api.PutAsync("/mgmt/quotas/red", """{"quotas": {"instances": -1, "volumes": -1}}""", TestApi.Admin)).Expect(200);
        var ids = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            ids.Add(await api.CreateAsync($"i{i}"));
        }

        var first = (await api.GetAsync("/instances?include_clustered=1")).Expect(200);
        var next = new Uri(first["links"]![0]!["href"]!.GetValue<string>());
        var second = (await api.GetAsync("/instances" + next.Query)).Expect(200);

        Assert.Equal(20, first["instances"]!.AsArray().Count);
        Assert.Contains("include_clustered=1", next.Query, StringComparison.Ordinal);
        Assert.Null(second["links"]);
        var seen = first["instances"]!.AsArray().Concat(second["instances"]!.AsArray()).Select(one => one!["id"]!.GetValue<string>());
        Assert.Equal(ids.Order(), seen.Order());
        Assert.Equal(2, (await api.GetAsync("/instances/detail?limit=2")).Expect(200)["instances"]!.AsArray().Count);
        (await api.GetAsync("/instances?limit=-1")).ExpectFault(400, "Limit");
    }

    [Fact]
    public async Task Administrators_see_the_agent_and_its_role_and_others_do_not()
    {
        var id = await api.CreateReadyAsync();
        await api.Database.WriteAsync(
            unit =>
            {
                GuestRows.SetAgent(unit, id, new AgentFacts
                {
                    AgentVersion = "1.2", Protocol = 1, OldestProtocol = 1, NewestProtocol = 2, Capabilities = "accounts replication",
                    MachineMemoryMb = 512, MachineCpus = 2,
                });
                unit.Execute(
                    "UPDATE guests SET last_seen = 1800000000000, lease_until = 1800000030000 WHERE instance_id = @id", new { id });
            },
            TestContext.Current.CancellationToken);

        var shown = (await api.GetAsync($"/instances/{id}", TestApi.Admin)).Expect(200)["instance"]!;

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"version": "1.2", "protocol": 1, "oldest_protocol": 1, "newest_protocol": 2, "capabilities": ["accounts", "replication"],
                 "memory_mb": 512, "vcpus": 2}
                """),
            shown["agent"]));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"epoch": 1, "confirmed_epoch": 0, "lease_held": false, "lease_until": "2027-01-15T08:00:30"}"""), shown["role"]));
        var others = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
        Assert.Null(others["agent"]);
        Assert.Null(others["role"]);
    }

    [Fact]
    public async Task Renaming_shows_at_once()
    {
        var id = await api.CreateReadyAsync();

        (await api.PutAsync($"/instances/{id}", """{"instance": {"name": "other"}}""")).Expect(202);

        Assert.Equal("other", (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Restart_owns_the_instance_and_a_second_action_is_refused()
    {
        var id = await api.CreateReadyAsync();

        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);

        var shown = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
        Assert.Equal("REBOOT", shown["status"]!.GetValue<string>());
        Assert.Equal("restart", shown["operation"]!["name"]!.GetValue<string>());
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).ExpectFault(
            422, $"Instance {id} is not currently available for an action to be performed (instance status was REBOOT).");
        Assert.Single(await api.OperationsAsync(id));
    }

    [Fact]
    public async Task An_instance_whose_volume_is_full_is_not_restarted_but_resized()
    {
        var id = await api.CreateReadyAsync();
        await api.FinishAsync(id, guest => guest with { VolumeTotal = 2L << 30, VolumeUsed = (2L << 30) - 100_000 });

        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).ExpectFault(422, "is full");
        (await api.PostAsync($"/instances/{id}/action", """{"resize": {"volume": {"size": 3}}}""")).Expect(202);
    }

    [Fact]
    public async Task A_building_instance_can_be_deleted_only_after_its_status_was_reset()
    {
        var id = await api.CreateAsync();

        (await api.DeleteAsync($"/instances/{id}")).ExpectFault(422, "instance status was BUILD");
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {}}""")).ExpectFault(403, "Policy doesn't allow instance:reset_status");
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {"force_delete": 1}}""")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        var operations = await api.OperationsAsync(id);
        Assert.Equal([OperationKinds.CreateInstance, OperationKinds.DeleteInstance], operations.Select(operation => operation.Kind));
        Assert.NotNull(operations[0].SupersededBy);
        Assert.Equal("SHUTDOWN", (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Deleting_owns_the_instance_and_may_be_repeated()
    {
        var id = await api.CreateReadyAsync();

        (await api.DeleteAsync($"/instances/{id}")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(id));
        Assert.Equal(new LeaveMasterGoal(null), JsonSerializer.Deserialize<LeaveMasterGoal>(operation.Goal!));
        Assert.Equal("SHUTDOWN", (await api.GetAsync("/instances")).Expect(200)["instances"]![0]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_fault_is_shown_and_the_instance_can_be_deleted()
    {
        var id = await api.CreateReadyAsync();
        await api.Database.WriteAsync(
            unit => InstanceChanges.SetFault(unit, id, Lifecycle.Failed, "The master died.", "stack", 1_700_000_000_000),
            CancellationToken.None);

        var shown = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;

        Assert.Equal("ERROR", shown["status"]!.GetValue<string>());
        Assert.Equal("The master died.", shown["fault"]!["message"]!.GetValue<string>());
        Assert.Equal("2023-11-14T22:13:20", shown["fault"]!["created"]!.GetValue<string>());
        Assert.Null(shown["fault"]!["details"]);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);
    }

    [Fact]
    public async Task What_openstack_always_sends_about_access_is_accepted()
    {
        var id = await api.CreateAsync(more: """, "access": {"is_public": false}, "modules": [], "restorePoint": null""");

        Assert.False((await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["access"]!["is_public"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Access_locality_and_volume_type_are_kept_and_shown()
    {
        var id = await api.CreateAsync(
            more: """, "access": {"is_public": true, "allowed_cidrs": ["10.0.0.0/8", "192.0.2.7"]}, "locality": "anti-affinity" """);

        var shown = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
        Assert.True(shown["access"]!["is_public"]!.GetValue<bool>());
        Assert.Equal(["10.0.0.0/8", "192.0.2.7/32"], shown["access"]!["allowed_cidrs"]!.AsArray().Select(cidr => cidr!.GetValue<string>()));
        Assert.Equal("anti-affinity", shown["locality"]!.GetValue<string>());
        var typed = (await api.PostAsync("/instances", """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1, "type": "fast"}}}"""))
            .Expect(200)["instance"]!;
        Assert.Equal("fast", typed["volume"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Access_is_changed_by_an_operation()
    {
        var id = await api.CreateReadyAsync();

        (await api.PutAsync($"/instances/{id}", """{"instance": {"access": {"is_public": false, "allowed_cidrs": ["10.1.0.0/16"]}}}""")).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(id), one => one.Kind == OperationKinds.UpdateAccess);
        Assert.Equal(new UpdateAccessGoal(false, "10.1.0.0/16"), JsonSerializer.Deserialize<UpdateAccessGoal>(operation.Goal!));
    }

    [Fact]
    public async Task An_update_of_half_of_the_access_says_nothing_of_the_other_half()
    {
        var (one, other) = (await api.CreateReadyAsync(), await api.CreateReadyAsync());

        (await api.PutAsync($"/instances/{one}", """{"instance": {"access": {"is_public": true}}}""")).Expect(202);
        (await api.PutAsync($"/instances/{other}", """{"instance": {"access": {"allowed_cidrs": []}}}""")).Expect(202);

        Assert.Equal(new UpdateAccessGoal(true, null), await GoalAsync(one));
        Assert.Equal(new UpdateAccessGoal(null, ""), await GoalAsync(other));

        async Task<UpdateAccessGoal?> GoalAsync(string id) => JsonSerializer.Deserialize<UpdateAccessGoal>(
            Assert.Single(await api.OperationsAsync(id), one => one.Kind == OperationKinds.UpdateAccess).Goal!);
    }
}
