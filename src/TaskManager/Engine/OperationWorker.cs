using System.Collections.Concurrent;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Engine;

/// <summary>Finds due operations and gives them to the runner, a few at a time.</summary>
internal sealed class OperationWorker(
    OperationRunner runner,
    IDatabase database,
    ControlSignals signals,
    RunnerOptions options,
    ILogger<OperationWorker> logger)
    : BackgroundService
{
    // A database counts in milliseconds: whoever comes exactly then comes too early.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly IDatabase database = database.In(DatabaseLane.Engine);
    private readonly Dictionary<string, Task> running = [];
    private readonly ConcurrentDictionary<string, int> failures = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var news = signals.ListenForOperations();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = options.LookEvery;
            try
            {
                wait = await StartDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "Looking for operations failed; trying again");
            }

            await ((Task)news.WaitAsync(wait, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Each hands its operation back, as soon as the call of its step has ended. The host says how long that may take.
        await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<TimeSpan> StartDueAsync(CancellationToken stoppingToken)
    {
        foreach (var (id, _) in running.Where(pair => pair.Value.IsCompleted).ToList())
        {
            running.Remove(id);
        }

        var room = options.Parallel - running.Count;
        if (room == 0)
        {
            // One that ends is news.
            return options.LookEvery;
        }

        var found = await database.ReadAsync(
            unit => OperationRows.FindDue(unit, options.LookEvery, options.Parallel * 2, runner.Known), stoppingToken);
        foreach (var id in found.Where(one => one.DueIn <= 0).Select(one => one.Id).Where(id => !running.ContainsKey(id)).Take(room))
        {
            running[id] = Task.Run(() => RunAsync(id, stoppingToken), stoppingToken);
        }

        // What is due and was just begun is no reason to look again.
        var next = found.Where(one => one.DueIn > 0).Select(one => TimeSpan.FromMilliseconds(one.DueIn) + Moment)
            .DefaultIfEmpty(options.LookEvery).Min();
        return next < options.LookEvery ? next : options.LookEvery;
    }

    private async Task RunAsync(string id, CancellationToken stoppingToken)
    {
        try
        {
            await runner.RunAsync(id, stoppingToken);
            failures.TryRemove(id, out _);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            await PutOffAsync(id, e, stoppingToken);
        }
        finally
        {
            // There is room for another one: here, and nowhere else.
            signals.Heard(SignalKind.Operation);
        }
    }

    // One that cannot even be claimed (its row cannot be read, the database is away) must not keep the others from their turn. One that was
    // claimed keeps its claim until the lease runs out, and goes on from its last save.
    private async Task PutOffAsync(string id, Exception why, CancellationToken stoppingToken)
    {
        var times = failures.AddOrUpdate(id, 1, (_, before) => before + 1);
        var wait = Backoff.Wait(times, options.Chance());
        logger.LogError(why, "Operation {Id} was left where it is; tried again in {Wait}", id, wait);
        try
        {
            await database.WriteAsync(unit => OperationRows.Postpone(unit, id, wait), stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogError(e, "Operation {Id} could not be put off", id);
        }
    }
}
