using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Effects;

namespace Dbaas.Simulation.Running;

/// <summary>
/// Several workers and the guests at the same time, one effect at a time, in an order that a seed decides: the same seed gives the same order.
/// Workers may be killed at any effect; another one takes their place.
/// </summary>
public sealed class Interleaving(World world, int seed)
{
    private const int MostTurns = 100_000;
    private const int UpkeepRounds = 3;
    private readonly Random random = new(seed);
    private readonly List<Participant> participants = [];
    private bool isOver;

    /// <summary>How likely a worker is to be killed at an effect.</summary>
    public double DeathRate { get; init; }

    /// <summary>What else goes on at the same time, for example users who ask for things.</summary>
    public Func<Participant, Random, Task>? Others { get; init; }

    /// <summary>Runs so many workers and the guests until nothing is left to do.</summary>
    public async Task RunAsync(int workers)
    {
        try
        {
            var killable = Enumerable.Range(0, workers).Select(_ => Add(WorkAsync)).ToHashSet();
            Add(BeGuestsAsync);
            if (Others is not null)
            {
                Add(self => Others(self, random));
            }

            for (var turns = 0; turns < MostTurns; turns++)
            {
                var busy = participants.Where(one => !one.IsDone && !one.IsIdle).ToList();
                if (busy.Count == 0)
                {
                    if (!await world.AdvanceAsync())
                    {
                        await EndAsync();
                        return;
                    }

                    participants.ForEach(one => one.LookAgain());
                    busy = participants;
                }

                var next = busy[random.Next(busy.Count)];
                if (killable.Contains(next) && random.NextDouble() < DeathRate)
                {
                    next.Kill();
                }

                await StepAsync(next);
            }

            throw new SimulationException("It never comes to rest.");
        }
        catch (Exception e)
        {
            throw new SimulationException($"Seed {seed}: {e.Message}", e);
        }
    }

    /// <summary>The same, with upkeep behind it and the invariants checked.</summary>
    public async Task RunAndCheckAsync(int workers)
    {
        await RunAsync(workers);

        // What upkeep begins may fail, too, and then it waits ten minutes.
        for (var round = 0; round < UpkeepRounds; round++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(11));
            await world.LookAfterAsync();
            await world.SettleAsync();
        }

        try
        {
            await Invariants.CheckAsync(world);
        }
        catch (SimulationException e)
        {
            throw new SimulationException($"Seed {seed}:\n{e.Message}", e);
        }
    }

    private Participant Add(Func<Participant, Task> body)
    {
        var participant = new Participant();
        participants.Add(participant);
        participant.Begin(body);
        return participant;
    }

    // Who found nothing to do looks again once somebody else has done something, or time has passed.
    private async Task StepAsync(Participant next)
    {
        await next.StoppedAsync();
        var acts = next.IsAtEffect;
        await next.GoAsync();
        if (acts)
        {
            foreach (var other in participants.Where(other => other != next))
            {
                other.LookAgain();
            }
        }
    }

    private async Task EndAsync()
    {
        isOver = true;
        foreach (var participant in participants)
        {
            participant.Revive();
            while (!participant.IsDone)
            {
                await participant.GoAsync();
            }
        }
    }

    private async Task WorkAsync(Participant self)
    {
        while (!isOver)
        {
            try
            {
                using var worker = world.StartWorker(self);
                while (!isOver)
                {
                    var due = await worker.FindDueAsync();
                    if (due.Count == 0)
                    {
                        await self.IdleAsync();
                        continue;
                    }

                    await worker.RunAsync(due[random.Next(due.Count)]);
                }
            }
            catch (CutException)
            {
                self.Revive();
            }
        }
    }

    private async Task BeGuestsAsync(Participant self)
    {
        while (!isOver)
        {
            if (!await world.LetGuestsActAsync(self))
            {
                await self.IdleAsync();
            }
        }
    }
}
