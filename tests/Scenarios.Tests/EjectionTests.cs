using Dbaas.Domain.Instances;
using Dbaas.Simulation;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Ejections that neither end well nor go back as they should.</summary>
public sealed class EjectionTests
{
    [Fact]
    public async Task Neither_a_rebuild_nor_a_second_ejection_that_goes_back_starts_a_master_whose_place_is_taken()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.DeadMasterWith(world, 2);
        world.GuestFaults.Add("s1", "promote_replication_slave", GuestTrouble.DieAfter);
        await world.Api.EjectAsync(there[0]);
        await world.SettleAsync();
        var left = await world.Api.FindAsync(there[0]);
        Assert.Equal((Lifecycle.Broken, (string?)null), (left.Lifecycle, left.LockOwner));
        Assert.Contains("may take writes by now", left.FaultMessage, StringComparison.Ordinal);

        world.Guest(there[1]).Restart();
        await world.SettleAsync();
        await world.LetGuestsReportAsync();
        Assert.False(world.Guest(there[1]).Database.IsReadOnly);
        foreach (var start in new[] { world.Api.RebuildAsync, (Func<string, Task<string>>)world.Api.EvacuateAsync })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() => start(there[0]));
            Assert.Contains("may have taken its place", refused.Message, StringComparison.Ordinal);
        }

        world.GuestFaults.Add("s2", "stop_receiving", GuestTrouble.FailForGood);
        await world.Api.EjectAsync(there[0]);
        await world.SettleAsync();

        Assert.Contains("The ejection failed", (await world.Api.FindAsync(there[0])).FaultMessage, StringComparison.Ordinal);
        Assert.Empty(world.Cloud.Violations);

        await world.Api.EjectAsync(there[0]);
        await world.SettleAsync();
        Assert.Equal(there[1], (await world.Api.FindAsync(there[2])).SlaveOfId);
    }

    [Fact]
    public async Task A_slave_that_dies_while_its_master_is_ejected_does_not_keep_the_master_off()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.DeadMasterWith(world, 2);
        world.GuestFaults.Add("s2", "stop_receiving", GuestTrouble.DieBefore);

        await world.Api.EjectAsync(there[0]);
        await world.SettleAsync();

        var master = await world.Api.FindAsync(there[0]);
        Assert.Equal((Lifecycle.Ready, (string?)null), (master.Lifecycle, master.LockOwner));
        Assert.True(world.Guest(there[0]).IsAlive);
    }

    /// <summary>Whoever deletes a follower takes the operation over: nobody can ask anew for what was left of it.</summary>
    [Fact]
    public async Task Who_was_not_reached_when_a_follower_is_deleted_in_the_middle_says_so()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.DeadMasterWith(world, 3);
        world.GuestFaults.Add("s2", "attach_replication_slave", GuestTrouble.DieBefore);
        await world.Api.EjectAsync(there[0]);
        Task? deletion = null;
        world.In(TimeSpan.FromSeconds(90), () => deletion = world.Api.ForceDeleteAsync(there[2]));

        await world.SettleAsync();
        await deletion!;
        await world.SettleAsync();

        var (master, left) = (await world.Api.FindAsync(there[0]), await world.Api.FindAsync(there[3]));
        Assert.Equal(Lifecycle.Broken, master.Lifecycle);
        Assert.Equal(there[1], left.SlaveOfId);
        Assert.Contains("It was not reached.", left.FaultMessage, StringComparison.Ordinal);
    }
}
