using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Running;

namespace Dbaas.Simulation.Checks;

/// <summary>Lets one thing be asked for at every point of another one. Being refused is an answer; breaking an invariant is not.</summary>
public static class MeetEverywhere
{
    /// <summary>Runs it.</summary>
    /// <param name="arrange">What is there before.</param>
    /// <param name="act">What goes on. Returns what it made, if anything.</param>
    /// <param name="meanwhile">What is asked for in its midst; it is given what is there and what was made.</param>
    /// <returns>Where each of the runs ended: the fingerprints, in the order of the points.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        Func<World, Task<string[]>> arrange, Func<World, string[], Task<string>> act, Func<World, string[], string, Task> meanwhile)
    {
        using var start = await World.CreateAsync();
        var there = await arrange(start);
        List<string> ends = [];
        while (await RunOnceAsync(await start.CopyAsync(), ends.Count) is { } end)
        {
            ends.Add(end);
        }

        return ends;

        async Task<string?> RunOnceAsync(World world, int at)
        {
            using (world)
            {
                try
                {
                    var made = await act(world, there);
                    var interruption = new Interruption(at, () => UnlessRefusedAsync(() => meanwhile(world, there, made)));
                    using (var worker = world.StartWorker(interruption))
                    {
                        await world.SettleAsync(worker, interruption);
                    }

                    await world.PassAsync(TimeSpan.FromMinutes(11));
                    await world.LookAfterAsync();
                    await world.SettleAsync();
                    await Invariants.CheckAsync(world);
                    return interruption.HasHappened ? await Fingerprint.TakeAsync(world) : null;
                }
                catch (SimulationException e)
                {
                    throw new SimulationException($"Met at {at}:\n{e.Message}", e);
                }
            }
        }
    }

    /// <summary>Asks for something; being refused is an answer.</summary>
    /// <returns>False: it was refused.</returns>
    public static async Task<bool> UnlessRefusedAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}
