using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Effects;

namespace Dbaas.Simulation.Running;

/// <summary>Lets one worker and the guests go on until nothing is left to do.</summary>
public static class Settling
{
    private const int MostTurns = 2_000;

    /// <summary>Goes on until no operation is active.</summary>
    /// <exception cref="CutException">This life of the worker was cut off.</exception>
    public static async Task SettleAsync(this World world, Worker worker, IEffects effects)
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var due = await worker.FindDueAsync();
            foreach (var id in due)
            {
                await worker.RunAsync(id);
            }

            if (!await world.LetGuestsActAsync(effects) && due.Count == 0 && !await world.AdvanceAsync())
            {
                return;
            }
        }

        throw new SimulationException($"It never comes to rest: {await StuckAsync(world)}");
    }

    /// <summary>The same with a worker of its own that nothing disturbs.</summary>
    public static async Task SettleAsync(this World world)
    {
        var effects = new Undisturbed();
        using var worker = world.StartWorker(effects);
        await world.SettleAsync(worker, effects);
    }

    private static Task<string> StuckAsync(World world) => world.Database.ReadAsync(
        unit => string.Join(", ", unit.Query<string>(
            "SELECT kind || ' at ' || step_name || ' (' || status || ')' FROM operations WHERE status IN (@running, @undoing)",
            new { running = nameof(OperationStatus.Running), undoing = nameof(OperationStatus.Undoing) })),
        CancellationToken.None);
}
