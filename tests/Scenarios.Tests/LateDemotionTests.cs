using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>A master that could not be demoted at once.</summary>
public sealed class LateDemotionTests
{
    [Fact]
    public async Task A_demotion_that_fails_is_tried_again_later_and_not_all_the_time()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 1);
        world.GuestFaults.Add("m1", "demote_replication_master", GuestTrouble.FailForGood, times: 2);
        await world.Api.DetachAsync(there[1]);
        await world.SettleAsync();

        await world.PassAsync(TimeSpan.FromMinutes(6));
        await LookAfterAsync(world);
        await LookAfterAsync(world);

        Assert.True(world.Guest(there[0]).Database.LogOn);
        Assert.Equal("Demotion failed: demote_replication_master does not work.", (await world.Api.FindAsync(there[0])).FaultMessage);

        await world.PassAsync(TimeSpan.FromMinutes(11));
        await LookAfterAsync(world);

        Assert.False(world.Guest(there[0]).Database.LogOn);
        await Invariants.CheckAsync(world);
    }

    private static async Task LookAfterAsync(World world)
    {
        await world.LookAfterAsync();
        await world.SettleAsync();
    }
}
