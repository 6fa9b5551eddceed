using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>What a request to change the master begins, and what it refuses.</summary>
public sealed class PromotionTests : IAsyncLifetime
{
    private const string Promote = """{"promote_to_replica_source": {}}""";
    private TestApi api = null!;
    private string master = "";
    private string first = "";
    private string second = "";

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        master = await api.CreateReadyAsync();
        first = await api.CreateSlaveAsync(master);
        await api.FinishAsync(first);
        second = await api.CreateSlaveAsync(master, "s2");
        await api.FinishAsync(second);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_promotion_owns_the_whole_set_which_shows_so()
    {
        (await api.PostAsync($"/instances/{first}/action", Promote)).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(first));
        Assert.Equal(OperationKinds.Promote, operation.Kind);
        var goal = JsonSerializer.Deserialize<PromoteGoal>(operation.Goal!)!;
        Assert.Equal((master, second), (goal.MasterId, Assert.Single(goal.Others)));
        foreach (var member in new[] { master, first, second })
        {
            Assert.Equal("PROMOTE", (await api.GetAsync($"/instances/{member}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
            var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None);
            Assert.Equal(operation.Id, row!.LockOwner);
        }
    }

    [Theory]
    [InlineData("master")]
    [InlineData("first")]
    [InlineData("second")]
    public async Task Nothing_is_begun_while_one_of_the_set_is_busy(string busy)
    {
        var id = busy switch { "master" => master, "first" => first, _ => second };
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);

        (await api.PostAsync($"/instances/{first}/action", Promote)).ExpectFault(422, id);

        Assert.DoesNotContain(await api.OperationsAsync(first), operation => operation.Kind == OperationKinds.Promote);
        foreach (var member in new[] { master, first, second }.Except([id]))
        {
            Assert.Null((await api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None))!.LockOwner);
        }
    }

    [Fact]
    public async Task A_slave_is_not_made_while_the_master_changes()
    {
        (await api.PostAsync($"/instances/{first}/action", Promote)).Expect(202);

        (await api.PostAsync(
            "/instances", $$$$"""{"instance": {"name": "x", "replica_of": "{{{{master}}}}", "flavorRef": "7", "volume": {"size": 2}}}"""))
            .ExpectFault(422, master);
    }

    [Theory]
    [InlineData("master")]
    [InlineData("first")]
    [InlineData("second")]
    public async Task No_backup_is_taken_while_the_master_changes(string of)
    {
        (await api.PostAsync($"/instances/{first}/action", Promote)).Expect(202);
        var id = of switch { "master" => master, "first" => first, _ => second };

        (await api.PostAsync("/backups", $$$"""{"backup": {"name": "b", "instance": "{{{id}}}"} }""")).ExpectFault(422, "PROMOTE");
    }

    [Fact]
    public async Task A_slave_that_does_not_follow_is_not_promoted()
    {
        await api.FinishAsync(first, guest => guest with { Replicating = false });

        (await api.PostAsync($"/instances/{first}/action", Promote)).ExpectFault(422, $"Instance {first} is ERROR");
        Assert.Empty(await api.OperationsAsync(first));
    }

    [Fact]
    public async Task The_place_of_a_master_that_does_not_answer_is_not_taken_by_request()
    {
        await api.FinishAsync(master, guest => guest with { ServerState = "Crashed" });

        (await api.PostAsync($"/instances/{first}/action", Promote)).ExpectFault(422, $"Instance {master} is SHUTDOWN");
    }
}
