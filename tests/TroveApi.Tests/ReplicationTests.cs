using System.Text.Json;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class ReplicationTests : IAsyncLifetime
{
    private TestApi api = null!;
    private string master = "";

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        master = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("slaveOf")]
    [InlineData("slave_of")]
    [InlineData("replica_of")]
    public async Task A_slave_is_asked_for_under_three_names_and_takes_after_its_master(string field)
    {
        var slave = (await api.PostAsync("/instances", $$$"""{"instance": {"name": "s1", "{{{field}}}": "{{{master}}}"}}""")).Expect(200)["instance"]!;

        Assert.Equal("BUILD", slave["status"]!.GetValue<string>());
        Assert.Equal("7", slave["flavor"]!["id"]!.GetValue<string>());
        Assert.Equal(2, slave["volume"]!["size"]!.GetValue<int>());
        Assert.Equal(master, slave["slaveOf"]!["id"]!.GetValue<string>());
        Assert.Equal(master, slave["replica_of"]!["id"]!.GetValue<string>());
        var shown = (await api.GetAsync($"/instances/{master}")).Expect(200)["instance"]!;
        Assert.Equal("ACTIVE", shown["status"]!.GetValue<string>());
        Assert.Equal(slave["id"]!.GetValue<string>(), shown["slaves"]![0]!["id"]!.GetValue<string>());
        Assert.Equal(slave["id"]!.GetValue<string>(), shown["replicas"]![0]!["id"]!.GetValue<string>());
        var operation = Assert.Single(await api.OperationsAsync(slave["id"]!.GetValue<string>()));
        Assert.Equal(OperationKinds.CreateSlave, operation.Kind);
        Assert.Equal(master, JsonSerializer.Deserialize<CreateSlaveGoal>(operation.Goal!)!.MasterId);
    }

    [Fact]
    public async Task Three_slaves_asked_for_at_once_are_all_accepted_and_the_master_is_kept_from_owners()
    {
        var slaves = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => api.CreateSlaveAsync(master, $"s{number}")));

        var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, master), CancellationToken.None);
        Assert.Equal((3, 3), (row!.SlaveCount, row.LockShared));
        Assert.Equal(3, slaves.Distinct().Count());
        (await api.PostAsync($"/instances/{master}/action", """{"restart": {}}""")).ExpectFault(422, "work on a replica");
    }

    [Fact]
    public async Task Replica_count_makes_so_many_charges_each_and_answers_with_the_last()
    {
        var last = (await api.PostAsync("/instances", $$$"""{"instance": {"name": "s", "replica_of": "{{{master}}}", "replica_count": 3}}"""))
            .Expect(200)["instance"]!;

        Assert.Equal("s-3", last["name"]!.GetValue<string>());
        var quotas = (await api.GetAsync("/mgmt/quotas/red")).Expect(200)["quotas"]!.AsArray();
        Assert.Equal([0, 4, 2048, 8], quotas.Select(quota => quota!["in_use"]!.GetValue<int>()));
        var names = (await api.GetAsync($"/instances/{master}/topology")).Expect(200)["topology"]!["members"]!.AsArray()
            .Select(member => member!["name"]!.GetValue<string>());
        Assert.Equal(["m1", "s-1", "s-2", "s-3"], names.Order());
        var operation = await api.Database.ReadAsync(
            unit => OperationRows.Find(unit, InstanceRows.Find(unit, last["id"]!.GetValue<string>())!.LockOwner!), CancellationToken.None);
        var goal = JsonSerializer.Deserialize<CreateSlaveGoal>(operation!.Goal!, JsonSerializerOptions.Web)!;
        Assert.Equal((true, 3), (goal.GroupId is not null, goal.GroupSize));
    }

    [Fact]
    public async Task Show_says_how_far_the_data_of_a_slave_is()
    {
        var slave = await api.CreateSlaveAsync(master);
        var operation = Assert.Single(await api.OperationsAsync(slave));
        var jobs = JsonSerializer.Serialize(
            new[] { new JobProgress("another/step0/x", 1, 2, 3), new JobProgress($"{operation.Id}/step7.0/load/0", 50, 200, 10) },
            JsonSerializerOptions.Web);
        await api.Database.WriteAsync(
            unit => GuestRows.Save(unit, new GuestState { InstanceId = slave, Jobs = jobs }, TimeSpan.Zero, TimeSpan.Zero),
            CancellationToken.None);

        var shown = (await api.GetAsync($"/instances/{slave}")).Expect(200)["instance"]!["operation"]!["progress"]!;

        Assert.Equal(
            """{"done_bytes":50,"of_bytes":200,"bytes_per_second":10,"seconds_left":15}""", shown.ToJsonString());
    }

    [Fact]
    public async Task A_refused_slave_leaves_nothing()
    {
        (await api.PutAsync("/mgmt/quotas/red", """{"quotas": {"instances": 2}}""", TestApi.Admin)).Expect(200);

        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "s", "replica_of": "{{{master}}}", "replica_count": 2}}"""))
            .ExpectFault(413, "Quota exceeded");

        var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, master), CancellationToken.None);
        Assert.Equal((0, 0), (row!.SlaveCount, row.LockShared));
        Assert.Single((await api.GetAsync("/instances")).Expect(200)["instances"]!.AsArray());
    }

    [Fact]
    public async Task A_slave_of_a_slave_is_refused()
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave);

        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "x", "slaveOf": "{{{slave}}}"}}"""))
            .ExpectFault(401, "Cannot create a replica of a replica");
    }

    [Fact]
    public async Task A_master_that_is_not_there_or_not_active_is_refused()
    {
        var building = await api.CreateAsync("m2");

        (await api.PostAsync("/instances", """{"instance": {"name": "x", "slaveOf": "nobody"}}""")).ExpectFault(404, "nobody");
        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "x", "slaveOf": "{{{building}}}"}}""")).ExpectFault(422, "BUILD");
        (await api.PostAsync($"/instances/{master}/action", """{"restart": {}}""")).Expect(202);
        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "x", "slaveOf": "{{{master}}}"}}""")).ExpectFault(422, "REBOOT");
    }

    [Theory]
    [InlineData("\"datastore\": {\"type\": \"mysql\"}", 400, "A replica has the datastore of its source")]
    [InlineData("\"datastore\": {\"type\": \"mariadb\", \"version\": \"11.4\"}", 400, "A replica has the datastore of its source")]
    [InlineData("\"users\": [{\"name\": \"a\", \"password\": \"b\"}]", 400, "Cannot create a replica with users or databases.")]
    [InlineData("\"databases\": [{\"name\": \"a\"}]", 400, "Cannot create a replica with users or databases.")]
    [InlineData("\"nics\": [{\"ip_address\": \"10.0.0.1\"}]", 400, "IP address")]
    [InlineData("\"replica_count\": 4", 400, "greater than the maximum of 3")]
    public async Task What_a_slave_cannot_be_asked_for(string more, int status, string message) =>
        (await api.PostAsync("/instances", $$$"""{"instance": {"name": "x", "slaveOf": "{{{master}}}", {{{more}}}}}""")).ExpectFault(status, message);

    [Fact]
    public async Task A_volume_smaller_than_the_masters_data_is_refused()
    {
        await api.FinishAsync(master, guest => guest with { VolumeUsed = (3L << 29) + 1 });

        (await api.PostAsync("/instances", $$$$"""{"instance": {"name": "x", "slaveOf": "{{{{master}}}}", "volume": {"size": 1}}}"""))
            .ExpectFault(400, "A volume of 1 GB is too small");
        (await api.PostAsync("/instances", $$$$"""{"instance": {"name": "x", "slaveOf": "{{{{master}}}}", "volume": {"size": 2}}}""")).Expect(200);
    }

    [Fact]
    public async Task A_master_with_slaves_cannot_be_deleted()
    {
        _ = await api.CreateSlaveAsync(master);

        (await api.DeleteAsync($"/instances/{master}")).ExpectFault(403, "Detach replicas before deleting replica source.");
    }

    [Theory]
    [InlineData("POST", "/action", """{"detach_replication": {}}""")]
    [InlineData("PUT", "", """{"instance": {"replica_of": null}}""")]
    [InlineData("PUT", "", """{"instance": {"replica_of": ""}}""")]
    [InlineData("PATCH", "", """{"instance": {"slave_of": null, "replica_of": null}}""")]
    [InlineData("PATCH", "", """{"instance": {"slave_of": "", "name": "free"}}""")]
    public async Task A_slave_is_detached(string method, string path, string body)
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave);

        (await api.SendAsync(method, $"/instances/{slave}{path}", body, TestApi.Member)).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(slave));
        Assert.Equal(OperationKinds.DetachSlave, operation.Kind);
        Assert.Equal(master, JsonSerializer.Deserialize<LeaveMasterGoal>(operation.Goal!)!.MasterId);
        var shown = (await api.GetAsync($"/instances/{slave}")).Expect(200)["instance"]!;
        Assert.Equal("DETACH", shown["status"]!.GetValue<string>());
        Assert.Equal(body.Contains("free", StringComparison.Ordinal) ? "free" : "s1", shown["name"]!.GetValue<string>());
        var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, master), CancellationToken.None);
        Assert.Equal(1, row!.LockShared);
    }

    [Fact]
    public async Task Detaching_what_is_no_slave_is_refused() =>
        (await api.PostAsync($"/instances/{master}/action", """{"detach_replication": {}}"""))
            .ExpectFault(400, $"Instance {master} is not a replica.");

    [Fact]
    public async Task Deleting_a_slave_names_its_master_and_does_not_hold_it()
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave);

        (await api.DeleteAsync($"/instances/{slave}")).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(slave));
        Assert.Equal(master, JsonSerializer.Deserialize<LeaveMasterGoal>(operation.Goal!)!.MasterId);
        var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, master), CancellationToken.None);
        Assert.Equal((0, (string?)null), (row!.LockShared, row.LockOwner));
    }

    [Fact]
    public async Task A_slave_whose_master_is_owned_is_not_detached()
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave);
        (await api.PostAsync($"/instances/{master}/action", """{"restart": {}}""")).Expect(202);

        (await api.PostAsync($"/instances/{slave}/action", """{"detach_replication": {}}""")).ExpectFault(422, master);
        Assert.Empty(await api.OperationsAsync(slave));
    }

    [Fact]
    public async Task A_slave_that_does_not_replicate_is_shown_as_in_error()
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave, guest => guest with { Replicating = false });

        var shown = (await api.GetAsync($"/instances/{slave}")).Expect(200)["instance"]!;

        Assert.Equal("ACTIVE ERROR", $"{shown["status"]} {shown["operating_status"]}");
    }

    [Fact]
    public async Task The_topology_is_the_same_seen_from_every_member_and_shows_the_lag()
    {
        var slave = await api.CreateSlaveAsync(master);
        await api.FinishAsync(slave, guest => guest with { LagSeconds = 1.5 });

        var members = (await api.GetAsync($"/instances/{slave}/topology")).Expect(200)["topology"]!["members"]!.AsArray();

        Assert.Equal([master, slave], members.Select(member => member!["id"]!.GetValue<string>()));
        Assert.Equal(1.5, members[1]!["mysql"]!["lag_seconds"]!.GetValue<double>());
    }
}
