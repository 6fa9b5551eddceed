using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Sets that fail over by themselves.</summary>
public sealed class FailoverTests
{
    // So long that its silence is seen; its slaves, which lose it, say so at once.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_slave_takes_the_place_of_a_dead_master_once_although_two_look_at_the_same_time()
    {
        using var world = await World.CreateAsync();
        var there = await SetAsync(world);
        world.Guest(there[0]).Die();
        await world.PassAsync(Silence);

        await Task.WhenAll(world.LookAtFailoversAsync(), world.LookAtFailoversAsync());
        await world.LookAtFailoversAsync();
        await world.SettleAsync();

        var (master, slave) = (await world.Api.FindAsync(there[1]), await world.Api.FindAsync(there[2]));
        Assert.Equal((null, 1, there[1]), (master.SlaveOfId, master.SlaveCount, slave.SlaveOfId));
        var former = await world.Api.FindAsync(there[0]);
        Assert.Equal(Lifecycle.Broken, former.Lifecycle);
        Assert.StartsWith(
            "Its agent is not heard, and no replica reaches it. So it was ejected", former.FaultMessage, StringComparison.Ordinal);
        var row = (await RowAsync(world, there[1]))!;
        Assert.Equal((FailoverPolicy.Automatic, true), (row.Failover, row.FailedOverAt > 0));
        var history = await world.Database.ReadAsync(unit => HistoryRows.Of(unit, there[0], 100, null), CancellationToken.None);
        Assert.Single(history, entry => entry is { Event: OperationKinds.EjectMaster, Outcome: "started" });
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_set_whose_master_lives_is_left_alone()
    {
        using var world = await World.CreateAsync();
        var there = await SetAsync(world);
        world.Guest(there[2]).Die();
        await world.PassAsync(Silence);

        await world.LookAtFailoversAsync();

        Assert.Equal((null, null), ((await RowAsync(world, there[0]))!.Held, (await world.Api.FindAsync(there[0])).LockOwner));
    }

    [Fact]
    public async Task What_holds_it_is_told_once_and_forgotten_when_the_master_is_back()
    {
        using var world = await World.CreateAsync();
        var there = await SetAsync(world);
        world.Guest(there[0]).Die();
        world.Guest(there[2]).Die();
        await world.PassAsync(Silence);

        await world.LookAtFailoversAsync();
        await world.LookAtFailoversAsync();

        Assert.Contains($"replica {there[2]} is not heard either", (await RowAsync(world, there[0]))!.Held, StringComparison.Ordinal);
        Assert.Null((await world.Api.FindAsync(there[0])).LockOwner);
        var history = await world.Database.ReadAsync(unit => HistoryRows.Of(unit, there[0], 100, null), CancellationToken.None);
        Assert.Single(history, entry => entry.Event == "failover-held");

        world.Guest(there[0]).Restart();
        await world.PassAsync(Silence);
        await world.LookAtFailoversAsync();
        Assert.Null((await RowAsync(world, there[0]))!.Held);
    }

    [Fact]
    public async Task A_second_master_that_dies_within_minutes_waits_for_somebody_to_look()
    {
        using var world = await World.CreateAsync();
        var there = await SetAsync(world);
        world.Guest(there[0]).Die();
        await world.PassAsync(Silence);
        await world.LookAtFailoversAsync();
        await world.SettleAsync();
        world.Guest(there[1]).Die();
        await world.PassAsync(Silence);

        await world.LookAtFailoversAsync();

        Assert.Contains("The last one was", (await RowAsync(world, there[1]))!.Held, StringComparison.OrdinalIgnoreCase);
        Assert.Null((await world.Api.FindAsync(there[1])).LockOwner);
    }

    private static async Task<string[]> SetAsync(World world)
    {
        var there = await Sets.MasterWith(world, 2);
        await world.Api.FailOverByItselfAsync(there[1]);
        await world.LetGuestsReportAsync();
        return there;
    }

    private static Task<ReplicaSet?> RowAsync(World world, string master) =>
        world.Database.ReadAsync(unit => ReplicaSetRows.Find(unit, master), CancellationToken.None);
}
