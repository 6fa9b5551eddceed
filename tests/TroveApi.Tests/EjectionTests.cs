using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>What a request to take a dead master out of its set begins, and what it refuses.</summary>
public sealed class EjectionTests : IAsyncLifetime
{
    private const string Eject = """{"eject_replica_source": {}}""";
    private const string Forced = """{"eject_replica_source": {"force": true}}""";
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
    public async Task An_ejection_owns_the_whole_set_which_shows_so()
    {
        await api.SilenceAsync(master);

        (await api.PostAsync($"/instances/{master}/action", Eject)).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(master));
        Assert.Equal(OperationKinds.EjectMaster, operation.Kind);
        var goal = JsonSerializer.Deserialize<EjectGoal>(operation.Goal!)!;
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), goal.Slaves);
        Assert.Empty(goal.Away);
        foreach (var member in new[] { master, first, second })
        {
            Assert.Equal("EJECT", (await api.GetAsync($"/instances/{member}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
            var row = await api.Database.ReadAsync(unit => InstanceRows.Find(unit, member), CancellationToken.None);
            Assert.Equal(operation.Id, row!.LockOwner);
        }
    }

    [Fact]
    public async Task A_master_that_answers_is_not_ejected()
    {
        (await api.PostAsync($"/instances/{master}/action", Eject))
            .ExpectFault(400, $"Replica Source {master} cannot be ejected as it has a current heartbeat");

        await api.FinishAsync(master, guest => guest with { ServerState = "Crashed" });
        (await api.PostAsync($"/instances/{master}/action", Forced)).ExpectFault(400, "has a current heartbeat");
        Assert.Empty(await api.OperationsAsync(master));
    }

    [Fact]
    public async Task What_is_no_master_is_not_ejected()
    {
        await api.SilenceAsync(first);

        (await api.PostAsync($"/instances/{first}/action", Eject)).ExpectFault(400, $"Instance {first} is not a replica source.");
    }

    [Fact]
    public async Task A_slave_that_does_not_answer_either_is_left_behind_only_by_force()
    {
        await api.SilenceAsync(master);
        await api.SilenceAsync(second);

        (await api.PostAsync($"/instances/{master}/action", Eject)).ExpectFault(422, $"Replica {second} does not answer");
        Assert.Empty(await api.OperationsAsync(master));

        (await api.PostAsync($"/instances/{master}/action", Forced)).Expect(202);
        var goal = JsonSerializer.Deserialize<EjectGoal>(Assert.Single(await api.OperationsAsync(master)).Goal!)!;
        Assert.Equal((first, second), (Assert.Single(goal.Slaves), Assert.Single(goal.Away)));
    }

    [Fact]
    public async Task Where_no_slave_answers_there_is_nobody_to_take_over()
    {
        foreach (var member in new[] { master, first, second })
        {
            await api.SilenceAsync(member);
        }

        (await api.PostAsync($"/instances/{master}/action", Forced)).ExpectFault(422, "there is nobody to take its place");
    }

    [Fact]
    public async Task Nothing_is_begun_while_a_slave_is_busy()
    {
        await api.SilenceAsync(master);
        (await api.PostAsync($"/instances/{second}/action", """{"restart": {}}""")).Expect(202);

        (await api.PostAsync($"/instances/{master}/action", Eject)).ExpectFault(422, second);

        Assert.Empty(await api.OperationsAsync(master));
        Assert.Null((await api.Database.ReadAsync(unit => InstanceRows.Find(unit, first), CancellationToken.None))!.LockOwner);
    }
}
