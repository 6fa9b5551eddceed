using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Running;

namespace Dbaas.Simulation.Checks;

/// <summary>
/// Runs a course of events once undisturbed, and then once for each point before and after each effect, with the worker killed there and
/// another one going on once the claim has run out. Every run must keep the invariants and end like the first.
/// </summary>
public static class CutEverywhere
{
    /// <summary>How far the clocks of two workers are ahead of and behind the database's.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>After a step of the clock nobody counts as heard of until the next report.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ClockStep = TimeSpan.FromHours(1);

    // Due, begun, and seen to be over; or failed, and begun once more.
    private const int ScheduleRounds = 5;
    private static readonly TimeSpan ScheduleEvery = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UpkeepAfter = TimeSpan.FromMinutes(11);

    /// <summary>Runs it.</summary>
    /// <returns>How many cuts were survived.</returns>
    public static async Task<int> RunAsync(CutCase course)
    {
        using var start = await World.CreateAsync();
        var there = await course.Arrange(start);
        var (expected, whole) = await RunOnceAsync(course, await start.CopyAsync(), there, int.MaxValue);
        var missing = course.Expect.Where(words => !expected.Contains(words, StringComparison.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            throw new SimulationException(
                $"{course.Name}, undisturbed: it should end with '{string.Join("', '", missing)}', but:\n{expected}");
        }

        using var copying = new SemaphoreSlim(1);
        await Parallel.ForAsync(
            0,
            whole.Passed,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (cutAt, token) =>
            {
                await copying.WaitAsync(token);
                var copy = await start.CopyAsync();
                copying.Release();
                var (end, line) = await RunOnceAsync(course, copy, there, cutAt);
                if (end != expected)
                {
                    throw new SimulationException($"{course.Name}, cut at {cutAt} ({line.Where}) ends with\n{end}\ninstead of\n{expected}");
                }
            });
        return whole.Passed;
    }

    private static async Task<(string End, CutLine Line)> RunOnceAsync(CutCase course, World world, string[] there, int cutAt)
    {
        var line = new CutLine(cutAt);
        try
        {
            using (world)
            {
                await course.Act(world, there);
                await GoOnAsync(course, world, line, cutAt);
                await Invariants.CheckAsync(world);
                return (await Fingerprint.TakeAsync(world), line);
            }
        }
        catch (Exception e)
        {
            throw new SimulationException($"{course.Name}, cut at {cutAt} ({line.Where ?? "never"}):\n{e.Message}", e);
        }
    }

    private static async Task GoOnAsync(CutCase course, World world, CutLine line, int cutAt)
    {
        try
        {
            using var worker = world.StartWorker(line, course.Change, Skew);
            await ToTheEndAsync(course, world, worker, line);
        }
        catch (CutException)
        {
            // With every second cut everybody's clock is put back, with every second pair, before and after an effect, the agents end too.
            if (cutAt % 2 == 0 && !course.IsAboutSilence)
            {
                world.Clock.SetBack(ClockStep);
                await world.PassAsync(ReportInterval);
            }

            foreach (var guest in world.Cloud.Guests.Where(guest => guest.IsAlive && cutAt % 4 < 2))
            {
                guest.Restart();
            }

            // The next life is another machine's.
            var undisturbed = new Undisturbed();
            using var worker = world.StartWorker(undisturbed, course.Change, -Skew);
            await ToTheEndAsync(course, world, worker, undisturbed);
        }
    }

    // Upkeep is part of the course: some masters are demoted by it, a while later.
    private static async Task ToTheEndAsync(CutCase course, World world, Worker worker, IEffects effects)
    {
        await world.SettleAsync(worker, effects);
        await world.PassAsync(UpkeepAfter);
        for (var round = 0; course.IsBySchedule && round < ScheduleRounds; round++)
        {
            await worker.LookAtSchedulesAsync();
            await world.SettleAsync(worker, effects);
            await world.PassAsync(ScheduleEvery);
        }

        await world.LookAfterAsync();
        await world.SettleAsync(worker, effects);
    }
}
