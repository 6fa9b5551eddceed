using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Effects;

namespace Dbaas.Simulation.Running;

/// <summary>
/// Several workers and the guests at the same time, one effect at a time, in an order that a seed decides: the same seed gives the same
/// order. Workers may be killed at any effect; another one takes their place.
/// </summary>
public sealed class Interleaving(World world, int seed)
{
    private const int MostTurns = 1_000_000;
    private const int UpkeepRounds = 4;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly Random random = new(seed);
    private readonly List<Participant> participants = [];
    private Participant? before;
    private bool isOver;

    /// <summary>How often a worker has worked on an operation.</summary>
    public int Claims { get; private set; }

    /// <summary>How often a worker was killed.</summary>
    public int Deaths { get; private set; }

    /// <summary>How often somebody else did something while a worker was in the midst of an operation.</summary>
    public int Switches { get; private set; }

    /// <summary>How likely a worker is to be killed at an effect.</summary>
    public double DeathRate { get; init; }

    /// <summary>What else goes on at the same time, for example users who ask for things.</summary>
    public Func<Participant, Random, Task>? Others { get; init; }

    /// <summary>Runs so many workers and the guests until nothing is left to do and all who ask for things have asked.</summary>
    public async Task RunAsync(int workers)
    {
        try
        {
            var killable = Enumerable.Range(0, workers).Select(number => Add(self => WorkAsync(self, number))).ToHashSet();
            Add(BeGuestsAsync);
            var others = Others is null ? null : Add(self => Others(self, random));
            for (var turns = 0; turns < MostTurns; turns++)
            {
                var busy = participants.Where(one => !one.IsDone && !one.IsIdle).ToList();
                if (busy.Count == 0)
                {
                    if (!await world.AdvanceAsync())
                    {
                        if (others is not { IsDone: false })
                        {
                            await EndAsync();
                            return;
                        }

                        // Nobody else has anything to do.
                        await world.PassAsync(Moment);
                        others.LookAgain();
                        continue;
                    }

                    participants.ForEach(one => one.LookAgain());
                    busy = participants.Where(one => !one.IsDone).ToList();
                }

                var next = busy[random.Next(busy.Count)];
                if (killable.Contains(next) && next.IsAtEffect && random.NextDouble() < DeathRate)
                {
                    next.Kill();
                    Deaths++;
                }

                Switches += before is { IsAtEffect: true } && before != next && killable.Contains(before) ? 1 : 0;
                await StepAsync(next);
                before = next;
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
        await RebuildBrokenAsync();

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

    // What has no server that works has its turn with upkeep once it has one again.
    private async Task RebuildBrokenAsync()
    {
        world.Cloud.Faults.Heal();
        world.GuestFaults.Heal();
        var rows = await world.Database.ReadAsync(InstanceRows.All, CancellationToken.None);
        foreach (var row in rows.Where(row => row.Lifecycle == Lifecycle.Broken))
        {
            await world.Api.RebuildAsync(row.Id);
            await world.SettleAsync();
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
        var changes = next.IsAtChange;
        await next.GoAsync();
        if (changes)
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

    // Their clocks differ, as those of two machines do.
    private async Task WorkAsync(Participant self, int number)
    {
        var skew = number % 2 == 0 ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(-5);
        while (!isOver)
        {
            try
            {
                using var worker = world.StartWorker(self, skew: skew);
                while (!isOver)
                {
                    var due = await worker.FindDueAsync();
                    if (due.Count == 0)
                    {
                        await self.IdleAsync();
                        continue;
                    }

                    Claims += await worker.RunAsync(due[random.Next(due.Count)]) ? 1 : 0;
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
