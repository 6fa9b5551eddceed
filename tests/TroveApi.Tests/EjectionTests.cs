using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>What a request to take a dead master out of its set begins, and what it refuses.</summary>
public sealed class EjectionTests : OnReplicaSet
{
    private const string Eject = """{"eject_replica_source": {}}""";
    private const string Forced = """{"eject_replica_source": {"force": true}}""";

    [Fact]
    public async Task An_ejection_owns_the_whole_set_which_shows_so()
    {
        await Api.SilenceAsync(Master);

        (await Api.PostAsync($"/instances/{Master}/action", Eject)).Expect(202);

        var operation = Assert.Single(await Api.OperationsAsync(Master));
        Assert.Equal(OperationKinds.EjectMaster, operation.Kind);
        var goal = JsonSerializer.Deserialize<EjectGoal>(operation.Goal!)!;
        Assert.Equal(new[] { First, Second }.Order(StringComparer.Ordinal), goal.Slaves);
        Assert.Empty(goal.Away);
        foreach (var member in new[] { Master, First, Second })
        {
            Assert.Equal("EJECT", (await Api.GetAsync($"/instances/{member}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
            var row = await Api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None);
            Assert.Equal(operation.Id, row!.LockOwner);
        }
    }

    [Fact]
    public async Task A_master_that_answers_is_not_ejected()
    {
        (await Api.PostAsync($"/instances/{Master}/action", Eject))
            .ExpectFault(400, $"Replica Source {Master} cannot be ejected as it has a current heartbeat");

        await Api.FinishAsync(Master, guest => guest with { ServerState = "Crashed" });
        (await Api.PostAsync($"/instances/{Master}/action", Forced)).ExpectFault(400, "has a current heartbeat");
        Assert.Empty(await Api.OperationsAsync(Master));
    }

    [Fact]
    public async Task What_is_no_master_is_not_ejected()
    {
        await Api.SilenceAsync(First);

        (await Api.PostAsync($"/instances/{First}/action", Eject)).ExpectFault(400, $"Instance {First} is not a replica source.");
    }

    [Fact]
    public async Task A_slave_that_does_not_answer_either_is_left_behind_only_by_force()
    {
        await Api.SilenceAsync(Master);
        await Api.SilenceAsync(Second);

        (await Api.PostAsync($"/instances/{Master}/action", Eject)).ExpectFault(422, $"Replica {Second} does not answer");
        Assert.Empty(await Api.OperationsAsync(Master));

        (await Api.PostAsync($"/instances/{Master}/action", Forced)).Expect(202);
        var goal = JsonSerializer.Deserialize<EjectGoal>(Assert.Single(await Api.OperationsAsync(Master)).Goal!)!;
        Assert.Equal((First, Second), (Assert.Single(goal.Slaves), Assert.Single(goal.Away)));
    }

    [Fact]
    public async Task Where_no_slave_answers_there_is_nobody_to_take_over()
    {
        foreach (var member in new[] { Master, First, Second })
        {
            await Api.SilenceAsync(member);
        }

        (await Api.PostAsync($"/instances/{Master}/action", Forced)).ExpectFault(422, "there is nobody to take its place");
    }

    [Fact]
    public async Task Nothing_is_begun_while_a_slave_is_busy()
    {
        await Api.SilenceAsync(Master);
        (await Api.PostAsync($"/instances/{Second}/action", """{"restart": {}}""")).Expect(202);

        (await Api.PostAsync($"/instances/{Master}/action", Eject)).ExpectFault(422, Second);

        Assert.Empty(await Api.OperationsAsync(Master));
        Assert.Null((await Api.Database.ReadAsync(unit => InstanceRows.Find(unit, First), CancellationToken.None))!.LockOwner);
    }
}
