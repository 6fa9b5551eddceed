using Dbaas.Domain.Instances;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>A cloud that is away for ten minutes, from whichever call on: what was begun is finished afterwards.</summary>
public sealed class AbsentCloudTests
{
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("ensure port")]
    [InlineData("ensure volume")]
    [InlineData("ensure server")]
    [InlineData("find server")]
    public async Task A_creation_waits_for_a_cloud_that_is_away_and_goes_on(string call)
    {
        using var world = await World.CreateAsync();
        world.Cloud.Faults.GoAwayAt(call, Away);
        var begun = world.Clock.GetUtcNow();

        var id = await world.Api.CreateAsync("m1");
        await world.SettleAsync();

        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(id)).Lifecycle);
        Assert.Equal(call != "find server", world.Clock.GetUtcNow() - begun >= Away);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_creation_gives_up_on_a_cloud_that_stays_away_and_is_undone_when_it_is_back()
    {
        using var world = await World.CreateAsync();
        world.Cloud.Faults.GoAwayAt("ensure volume", TimeSpan.FromMinutes(40));

        var id = await world.Api.CreateAsync("m1");
        await world.SettleAsync();

        Assert.Equal(Lifecycle.Failed, (await world.Api.FindAsync(id)).Lifecycle);
        Assert.Empty(world.Cloud.Everything);
        await Invariants.CheckAsync(world);
    }

    [Theory]
    [InlineData("delete server")]
    [InlineData("delete volume")]
    [InlineData("delete port")]
    public async Task A_deletion_waits_for_a_cloud_that_is_away_and_goes_on(string call)
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.Faults.GoAwayAt(call, Away);

        await world.Api.DeleteAsync(id);
        await world.SettleAsync();

        Assert.Empty(world.Cloud.Everything);
        await Invariants.CheckAsync(world);
    }
}
