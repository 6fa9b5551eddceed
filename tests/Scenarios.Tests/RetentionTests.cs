using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.Scenarios.Tests;

/// <summary>The control database does not grow for ever.</summary>
public sealed class RetentionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_ended_longer_ago_than_configured_goes_and_the_rest_stays()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 1);
        await world.Api.DeleteAsync(there[1]);
        await world.SettleAsync();
        var options = new RetentionOptions { Operations = TimeSpan.FromDays(2), HistoryOfDeleted = TimeSpan.FromDays(3) };

        await LookAsync(world, options);
        Assert.Equal((3, true, true), await SeeAsync(world, there));

        world.Clock.Advance(TimeSpan.FromDays(2.5));
        await world.Api.RestartAsync(there[0]);
        await world.SettleAsync();
        await LookAsync(world, options);
        Assert.Equal((1, true, true), await SeeAsync(world, there));

        world.Clock.Advance(TimeSpan.FromDays(1));
        await LookAsync(world, options);
        Assert.Equal((1, true, false), await SeeAsync(world, there));
        Assert.True((await world.Api.FindAsync(there[1])).Deleted);
    }

    [Fact]
    public async Task One_run_removes_a_bounded_number_and_the_next_ones_the_rest()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.DeleteAsync(master);
        await world.SettleAsync();
        var now = world.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await world.Database.WriteAsync(
            unit =>
            {
                for (var line = 0; line < 2500; line++)
                {
                    HistoryRows.Add(
                        unit, new HistoryEntry { Id = $"{line}", InstanceId = master, At = now, Event = "seen", Outcome = "seen" });
                }
            },
            Cancel);
        world.Clock.Advance(TimeSpan.FromDays(31));
        var before = await LinesAsync(world);

        await LookAsync(world, new RetentionOptions());
        var after = await LinesAsync(world);
        await LookAsync(world, new RetentionOptions());

        Assert.Equal(2000, before - after);
        Assert.Equal(0, await LinesAsync(world));
    }

    private static Task LookAsync(World world, RetentionOptions options) =>
        new Retention(world.Database, options, world.Clock).LookAsync(Cancel);

    private static Task<int> LinesAsync(World world) =>
        world.Database.ReadAsync(unit => unit.First<int>("SELECT COUNT(*) FROM instance_history"), Cancel);

    private static Task<(int Operations, bool HistoryOfMaster, bool HistoryOfDeleted)> SeeAsync(World world, string[] there) =>
        world.Database.ReadAsync(
            unit => (
                unit.First<int>("SELECT COUNT(*) FROM operations"),
                HistoryRows.Of(unit, there[0], 1, null).Count > 0,
                HistoryRows.Of(unit, there[1], 1, null).Count > 0),
            Cancel);
}
