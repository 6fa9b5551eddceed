using Dbaas.Domain.Instances;
using Dbaas.Simulation;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Changes of master that end midway.</summary>
public sealed class PromotionTests
{
    /// <summary>Whoever deletes a follower takes the operation over: nobody can ask anew for what was left of it.</summary>
    [Fact]
    public async Task Who_was_not_reached_when_a_follower_is_deleted_in_the_middle_says_so_and_the_new_master_serves()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 3);
        world.GuestFaults.Add("s2", "attach_replication_slave", GuestTrouble.DieBefore);
        await world.Api.PromoteAsync(there[1]);
        Task? deletion = null;
        world.In(TimeSpan.FromSeconds(90), () => deletion = world.Api.ForceDeleteAsync(there[2]));

        await world.SettleAsync();
        await deletion!;
        await world.SettleAsync();

        var successor = await world.Api.FindAsync(there[1]);
        Assert.Equal((Lifecycle.Ready, (string?)null), (successor.Lifecycle, successor.SlaveOfId));
        foreach (var left in new[] { await world.Api.FindAsync(there[0]), await world.Api.FindAsync(there[3]) })
        {
            Assert.Equal(there[1], left.SlaveOfId);
            Assert.Contains("It was not reached.", left.FaultMessage, StringComparison.Ordinal);
        }
    }
}
