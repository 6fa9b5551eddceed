using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>What a request to change the master begins, and what it refuses.</summary>
public sealed class PromotionTests : OnReplicaSet
{
    private const string Promote = """{"promote_to_replica_source": {}}""";

    [Fact]
    public async Task A_promotion_owns_the_whole_set_which_shows_so()
    {
        (await Api.PostAsync($"/instances/{First}/action", Promote)).Expect(202);

        var operation = Assert.Single(await Api.OperationsAsync(First));
        Assert.Equal(OperationKinds.Promote, operation.Kind);
        var goal = JsonSerializer.Deserialize<PromoteGoal>(operation.Goal!)!;
        Assert.Equal((Master, Second), (goal.MasterId, Assert.Single(goal.Others)));
        foreach (var member in new[] { Master, First, Second })
        {
            Assert.Equal("PROMOTE", (await Api.GetAsync($"/instances/{member}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
            var row = await Api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None);
            Assert.Equal(operation.Id, row!.LockOwner);
        }
    }

    [Theory]
    [InlineData("master")]
    [InlineData("first")]
    [InlineData("second")]
    public async Task Nothing_is_begun_while_one_of_the_set_is_busy(string busy)
    {
        var id = busy switch { "master" => Master, "first" => First, _ => Second };
        (await Api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);

        (await Api.PostAsync($"/instances/{First}/action", Promote)).ExpectFault(422, id);

        Assert.DoesNotContain(await Api.OperationsAsync(First), operation => operation.Kind == OperationKinds.Promote);
        foreach (var member in new[] { Master, First, Second }.Except([id]))
        {
            Assert.Null((await Api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None))!.LockOwner);
        }
    }

    [Fact]
    public async Task A_slave_is_not_made_while_the_master_changes()
    {
        (await Api.PostAsync($"/instances/{First}/action", Promote)).Expect(202);

        (await Api.PostAsync(
            "/instances", $$$$"""{"instance": {"name": "x", "replica_of": "{{{{Master}}}}", "flavorRef": "7", "volume": {"size": 2}}}"""))
            .ExpectFault(422, Master);
    }

    [Theory]
    [InlineData("master")]
    [InlineData("first")]
    [InlineData("second")]
    public async Task No_backup_is_taken_while_the_master_changes(string of)
    {
        (await Api.PostAsync($"/instances/{First}/action", Promote)).Expect(202);
        var id = of switch { "master" => Master, "first" => First, _ => Second };

        (await Api.PostAsync("/backups", $$$"""{"backup": {"name": "b", "instance": "{{{id}}}"} }""")).ExpectFault(422, "PROMOTE");
    }

    [Fact]
    public async Task A_slave_that_does_not_follow_is_not_promoted()
    {
        await Api.FinishAsync(First, guest => guest with { Replicating = false });

        (await Api.PostAsync($"/instances/{First}/action", Promote)).ExpectFault(422, $"Instance {First} is ERROR");
        Assert.Empty(await Api.OperationsAsync(First));
    }

    [Fact]
    public async Task The_place_of_a_master_that_does_not_answer_is_not_taken_by_request()
    {
        await Api.FinishAsync(Master, guest => guest with { ServerState = "Crashed" });

        (await Api.PostAsync($"/instances/{First}/action", Promote)).ExpectFault(422, $"Instance {Master} is SHUTDOWN");
    }
}
