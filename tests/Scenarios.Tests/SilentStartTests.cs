using Dbaas.Domain.Instances;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Cloud;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Guests that start and never call.</summary>
public sealed class SilentStartTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(600)]
    public async Task A_guest_that_never_calls_fails_its_creation_after_the_operators_time_and_its_console_is_kept(int seconds)
    {
        using var world = await World.CreateAsync();
        world.Guests = world.Guests with { StartsWithin = TimeSpan.FromSeconds(seconds) };
        world.GuestFaults.Mute.Add("m1");
        var begun = world.Clock.GetUtcNow();

        var id = await world.Api.CreateAsync("m1");
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalSeconds, seconds, seconds + 30);
        Assert.Equal(
            (Lifecycle.Failed, $"The server runs, but its agent did not call within {seconds / 60} minutes."),
            (row.Lifecycle, row.FaultMessage));
        Assert.Equal($"The end of its console:\nlogin of {id}:", row.FaultDetails);
        Assert.Empty(world.Cloud.Everything);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_console_that_cannot_be_read_hides_no_fault()
    {
        using var world = await World.CreateAsync();
        world.GuestFaults.Mute.Add("m1");
        world.Cloud.Faults.Add("console tail", CloudTrouble.FailForGood);

        var id = await world.Api.CreateAsync("m1");
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.Contains("its agent did not call", row.FaultMessage, StringComparison.Ordinal);
        Assert.Equal("Its console cannot be read: The cloud refuses: console tail.", row.FaultDetails);
    }

    [Fact]
    public async Task A_rebuild_that_failed_can_be_asked_for_again()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Mute.Add("m1");
        await world.Api.RebuildAsync(id);
        await world.SettleAsync();
        var failed = await world.Api.FindAsync(id);
        Assert.Equal(Lifecycle.Broken, failed.Lifecycle);
        Assert.StartsWith("The end of its console", failed.FaultDetails, StringComparison.Ordinal);

        world.GuestFaults.Mute.Clear();
        await world.Api.RebuildAsync(id);
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.Equal((Lifecycle.Ready, (string?)null), (row.Lifecycle, row.FaultMessage));
        Assert.Contains("shop", world.Guest(id).Database.Databases);
        Assert.True(world.Guest(id).Database.IsRunning);
        await Invariants.CheckAsync(world);
    }
}
