using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Which kinds of upkeep this node does: those that nobody else does. While the database does not answer it goes on for less than a lease,
/// so that another node may begin when that has run out.
/// </summary>
internal sealed class UpkeepLeases(
    IReadOnlyCollection<string> kinds, string owner, IDatabase database, TimeProvider time, ILogger<UpkeepLeases> logger)
{
    // A node that dies is followed by another within both together.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, CancellationTokenSource> held = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until this node does a kind.</summary>
    /// <returns>Cancelled when it does not any more.</returns>
    public async Task<CancellationToken> HoldAsync(string kind, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (gate)
            {
                if (held.TryGetValue(kind, out var lost) && !lost.IsCancellationRequested)
                {
                    return lost.Token;
                }

                news = changed.Task;
            }

            await news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes what nobody does, and keeps what it has, until it is told to stop.</summary>
    public async Task KeepAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        var areThere = false;
        do
        {
            try
            {
                if (!areThere)
                {
                    await database.WriteAsync(
                        unit =>
                        {
                            foreach (var kind in kinds)
                            {
                                UpkeepLeaseRows.Ensure(unit, kind);
                            }
                        },
                        stoppingToken);
                    areThere = true;
                }

                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The leases of upkeep could not be renewed; trying again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Gives everything back at once: nothing of it is being done here any more.</summary>
    public Task GiveBackAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var lost in held.Values)
            {
                lost.Cancel();
            }
        }

        return database.WriteAsync(unit => UpkeepLeaseRows.GiveBack(unit, kinds, owner), cancellationToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        List<string> mine;
        lock (gate)
        {
            mine = [.. held.Where(pair => !pair.Value.IsCancellationRequested).Select(pair => pair.Key)];
        }

        var (free, former) = await database.ReadAsync(
            unit => (UpkeepLeaseRows.FindFree(unit, kinds), UpkeepLeaseRows.OwnedBy(unit, kinds, owner)), cancellationToken);
        var taken = new List<string>();
        if (free.Count + former.Count > 0)
        {
            taken.AddRange(await database.WriteAsync(
                unit =>
                {
                    UpkeepLeaseRows.Renew(unit, former, owner, Lease);
                    var more = free.Where(kind => UpkeepLeaseRows.TryTake(unit, kind, owner, Lease)).ToList();
                    return UpkeepLeaseRows.OwnedBy(unit, [.. former.Concat(more)], owner);
                },
                cancellationToken));
        }

        lock (gate)
        {
            foreach (var kind in mine.Except(taken))
            {
                held[kind].Cancel();
            }

            // A little less than a lease from before it was asked for: judged here by a clock that nobody sets.
            var left = (Lease * 0.8) - time.GetElapsedTime(since);
            foreach (var kind in taken)
            {
                if (!held.TryGetValue(kind, out var lost) || lost.IsCancellationRequested)
                {
                    held[kind] = lost = new CancellationTokenSource(Lease, time);
                    UpkeepMeter.Taken(kind);
                    logger.LogInformation("This node does {Upkeep}", kind);
                }

                lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            var before = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }
}
