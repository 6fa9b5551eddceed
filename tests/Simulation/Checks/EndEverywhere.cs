using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Running;

namespace Dbaas.Simulation.Checks;

/// <summary>
/// Operations end, whatever is asked for and whatever is refused in their midst, and every instance can be deleted afterwards, with nothing
/// left of it.
/// </summary>
public static class EndEverywhere
{
    private const int UpkeepRounds = 3;
    private static readonly TimeSpan UpkeepAfter = TimeSpan.FromMinutes(11);

    /// <summary>Whatever holds an instance is given up at one point: once for each point of the course.</summary>
    /// <returns>How many points there were.</returns>
    public static async Task<int> GiveUpAsync(CutCase course)
    {
        using var start = await World.CreateAsync();
        var there = await course.Arrange(start);
        var points = 0;
        while (await RunAsync(points))
        {
            points++;
        }

        return points;

        async Task<bool> RunAsync(int at)
        {
            var isReached = false;
            await InAsync(start, $"{course.Name}, given up at {at}", async world =>
            {
                var interruption = new Interruption(at, () => GiveUpAllAsync(world));
                await course.Act(world, there);
                using (var worker = world.StartWorker(interruption, course.Change))
                {
                    await world.SettleAsync(worker, interruption);
                    await world.PassAsync(UpkeepAfter);
                    await world.LookAfterAsync();
                    await world.SettleAsync(worker, interruption);
                }

                isReached = interruption.HasHappened;
                await LookAfterAsync(world);
                await Invariants.CheckAsync(world);
            });
            return isReached;
        }
    }

    /// <summary>Two things that a cloud or a guest is asked for are refused for good: once for each pair of them.</summary>
    /// <returns>How many pairs there were.</returns>
    public static async Task<int> RefuseTwiceAsync(CutCase course)
    {
        using var start = await World.CreateAsync();
        var there = await course.Arrange(start);
        var pairs = 0;
        var all = await RefuseAsync(start, course, there, new Refusals());
        for (var first = 0; first < all; first++)
        {
            var asked = await RefuseAsync(start, course, there, new Refusals(first));
            for (var second = first + 1; second < asked; second++)
            {
                await RefuseAsync(start, course, there, new Refusals(first, second));
                pairs++;
            }
        }

        return pairs;
    }

    /// <summary>
    /// Whatever a cloud or a guest is asked for is refused for good from one point on: once for each point of the course.
    /// </summary>
    /// <returns>How many points there were.</returns>
    public static async Task<int> RefuseAllAsync(CutCase course)
    {
        using var start = await World.CreateAsync();
        var there = await course.Arrange(start);
        var all = await RefuseAsync(start, course, there, new Refusals());
        for (var first = 0; first < all; first++)
        {
            await RefuseAsync(start, course, there, new Refusals(first) { AndAllAfter = true });
        }

        return all;
    }

    private static async Task<int> RefuseAsync(World start, CutCase course, string[] there, Refusals refusals)
    {
        var asked = 0;
        await InAsync(start, $"{course.Name}, refused: {refusals}", async world =>
        {
            world.GuestFaults.Refuses = refusals.IsRefused;
            await course.Act(world, there);
            using (var worker = world.StartWorker(refusals, course.Change))
            {
                await world.SettleAsync(worker, new Undisturbed());
                await world.PassAsync(UpkeepAfter);
                await world.LookAfterAsync();
                await world.SettleAsync(worker, new Undisturbed());
            }

            asked = refusals.Asked;
            world.GuestFaults.Refuses = null;
            await Invariants.CheckOperationsAsync(world);
        });
        return asked;
    }

    private static async Task InAsync(World start, string what, Func<World, Task> run)
    {
        using var world = await start.CopyAsync();
        try
        {
            await run(world);
            await DeleteAllAsync(world);
        }
        catch (Exception e)
        {
            throw new SimulationException($"{what}:\n{e.Message}", e);
        }
    }

    private static async Task GiveUpAllAsync(World world)
    {
        foreach (var row in await world.Database.ReadAsync(InstanceRows.All, CancellationToken.None))
        {
            await MeetEverywhere.UnlessRefusedAsync(() => world.Api.GiveUpAsync(row.Id));
        }
    }

    private static async Task LookAfterAsync(World world)
    {
        for (var round = 0; round < UpkeepRounds; round++)
        {
            await world.PassAsync(UpkeepAfter);
            await world.LookAfterAsync();
            await world.SettleAsync();
        }
    }

    // What failed for good fails no more, and who was dead is back: nothing may be in the way of a delete then.
    private static async Task DeleteAllAsync(World world)
    {
        world.Cloud.Faults.Heal();
        world.GuestFaults.Heal();
        world.Cloud.Revive();
        foreach (var row in (await LiveAsync(world)).OrderBy(row => row.SlaveOfId is null))
        {
            await world.Api.ForceDeleteAsync(row.Id);
            await world.SettleAsync();
        }

        var left = (await LiveAsync(world)).Select(row => $"{row.Name} ({row.FaultMessage})").ToList();
        if (left.Count > 0)
        {
            throw new SimulationException($"These could not be deleted: {string.Join(", ", left)}");
        }

        // A backup goes with those that follow on it.
        while (await world.Database.ReadAsync(unit => BackupRows.Page(unit, null, null, null, null, null, 1), CancellationToken.None)
            is [var backup])
        {
            await world.Api.DeleteBackupAsync(backup.Id);
            await world.SettleAsync();
            if (await world.Database.ReadAsync(unit => BackupRows.Find(unit, backup.Id), CancellationToken.None) is { Deleted: false })
            {
                throw new SimulationException($"The backup {backup.Name} could not be deleted.");
            }
        }

        await Invariants.CheckAsync(world);
    }

    private static Task<IReadOnlyList<Instance>> LiveAsync(World world) =>
        world.Database.ReadAsync(InstanceRows.All, CancellationToken.None);
}
