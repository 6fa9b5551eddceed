using Dbaas.Domain.Guests;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Scenarios.Tests;

/// <summary>All agents are brought to one release.</summary>
public sealed class RolloutTests
{
    private static readonly AgentRelease Release = new() { Version = "new", Sha256 = "hash", Size = 1 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_goes_alone_and_the_others_in_waves()
    {
        using var world = await WithInstancesAsync(6);
        await BeginAsync(world, waveSize: 2);

        var ended = await RollAsync(world);

        Assert.Equal((RolloutState.Finished, 4), (ended.State, ended.Wave));
        Assert.All(world.Cloud.Guests, guest => Assert.Equal("new", guest.AgentVersion));
        var waves = (await MembersAsync(world)).GroupBy(member => member.Wave).OrderBy(wave => wave.Key).Select(wave => wave.Count());
        Assert.Equal([1, 2, 2, 1], waves);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task It_stops_at_the_first_failure_and_says_why()
    {
        using var world = await WithInstancesAsync(5);
        world.GuestFaults.Add("m2", "upgrade_agent", GuestTrouble.FailForGood);
        await BeginAsync(world, waveSize: 2);

        var ended = await RollAsync(world);

        Assert.Equal((RolloutState.Stopped, 2), (ended.State, ended.Wave));
        Assert.Contains("upgrade_agent does not work", ended.Detail, StringComparison.Ordinal);
        Assert.Equal(2, world.Cloud.Guests.Count(guest => guest.AgentVersion == "new"));
        Assert.Equal(3, (await MembersAsync(world)).Count);
        await Invariants.CheckAsync(world);

        // What keeps it from going on is mended, and it is asked for again: those that have the release are left alone.
        await BeginAsync(world, waveSize: 5);
        Assert.Equal(RolloutState.Finished, (await RollAsync(world)).State);
        Assert.All(world.Cloud.Guests, guest => Assert.Equal("new", guest.AgentVersion));
        Assert.Equal(3, (await MembersAsync(world)).Count);
    }

    [Fact]
    public async Task One_that_is_busy_comes_later_and_one_that_is_silent_is_left_out()
    {
        using var world = await WithInstancesAsync(3);
        var rows = await world.Database.ReadAsync(InstanceRows.All, Cancel);
        await world.Api.RestartAsync(rows[0].Id);
        var silent = world.Guest(rows[1].Id);
        silent.Die();
        await world.PassAsync(TimeSpan.FromMinutes(1));
        await BeginAsync(world, waveSize: 2);
        await Rollouts(world).LookAsync(Cancel);

        Assert.Equal([rows[2].Id], (await MembersAsync(world)).Select(member => member.InstanceId));
        Assert.Equal(RolloutState.Finished, (await RollAsync(world)).State);

        Assert.Equal("simulated", silent.AgentVersion);
        Assert.Equal(2, world.Cloud.Guests.Count(guest => guest.AgentVersion == "new"));
    }

    [Fact]
    public async Task It_comes_to_those_behind_many_that_are_left_out()
    {
        using var world = await WithInstancesAsync(2);
        var one = (await world.Database.ReadAsync(InstanceRows.All, Cancel))[0];
        await world.Database.WriteAsync(
            unit =>
            {
                foreach (var number in Enumerable.Range(0, 1100))
                {
                    InstanceRows.Insert(unit, one with { Id = $"-{number:D8}", VolumeId = null });
                }

                return true;
            },
            Cancel);
        await BeginAsync(world, waveSize: 2);
        await Rollouts(world).LookAsync(Cancel);

        // The first page has none that can be upgraded: nothing has begun, and nothing is over.
        var begun = await FindAsync(world);
        Assert.Equal((RolloutState.Running, 0), (begun.State, begun.Wave));

        var ended = await RollAsync(world);

        Assert.Equal((RolloutState.Finished, 2), (ended.State, ended.Wave));
        Assert.All(world.Cloud.Guests, guest => Assert.Equal("new", guest.AgentVersion));
    }

    [Fact]
    public async Task Two_nodes_that_look_at_the_same_time_begin_one_wave()
    {
        using var world = await WithInstancesAsync(3);
        await BeginAsync(world, waveSize: 2);
        var seen = await FindAsync(world);
        Assert.True(await world.Database.WriteAsync(unit => RolloutRows.TryNextWave(unit, seen.Number, seen.Wave), Cancel));

        Assert.False(await world.Database.WriteAsync(unit => RolloutRows.TryNextWave(unit, seen.Number, seen.Wave), Cancel));
        Assert.False(await world.Database.WriteAsync(unit => RolloutRows.TryBegin(unit, Release, 1, 0), Cancel));
    }

    private static async Task<World> WithInstancesAsync(int count)
    {
        var world = await World.CreateAsync();
        for (var number = 1; number <= count; number++)
        {
            await world.Api.CreateAsync($"m{number}");
        }

        await world.SettleAsync();
        return world;
    }

    private static async Task BeginAsync(World world, int waveSize) =>
        Assert.True(
            await world.Database.WriteAsync(unit => RolloutRows.TryBegin(unit, Release, waveSize, world.Clock.Milliseconds), Cancel));

    private static async Task<AgentRollout> RollAsync(World world)
    {
        var rollouts = Rollouts(world);
        for (var look = 0; look < 40 && (await FindAsync(world)).State == RolloutState.Running; look++)
        {
            await rollouts.LookAsync(Cancel);
            await world.SettleAsync();
            await world.PassAsync(TimeSpan.FromSeconds(5));
        }

        return await FindAsync(world);
    }

    private static AgentRollouts Rollouts(World world) => new(
        world.Database, world.Signals, world.Guests, world.Ids, world.Clock, NullLogger<AgentRollouts>.Instance);

    private static Task<AgentRollout> FindAsync(World world) => world.Database.ReadAsync(RolloutRows.Find, Cancel);

    private static Task<IReadOnlyList<RolloutMember>> MembersAsync(World world) => world.Database.ReadAsync(RolloutRows.Members, Cancel);
}
