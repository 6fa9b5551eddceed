using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>
/// A demotion restarts the database, and on a slow machine the master's reports say so meanwhile. That is no reason to leave it half way:
/// until it is over nobody can write to the master.
/// </summary>
public sealed class SlowDemotionTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_slave_is_gone_only_when_its_master_is_demoted_however_long_the_restart_takes(bool isDeleted)
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 1);
        world.GuestFaults.Add("m1", "demote_replication_master", GuestTrouble.Delay, delay: Slow);
        var begun = world.Clock.GetUtcNow();

        await (isDeleted ? world.Api.DeleteAsync(there[1]) : world.Api.DetachAsync(there[1]));
        await world.SettleAsync();

        Assert.True(world.Clock.GetUtcNow() - begun >= Slow, "It was over before the demotion.");
        Assert.False(world.Guest(there[0]).Database.LogOn);
        await Invariants.CheckAsync(world);
    }
}
