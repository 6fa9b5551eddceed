using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Engine;

/// <summary>Finds due operations and gives them to the runner, a few at a time.</summary>
internal sealed class OperationWorker(
    OperationRunner runner, IDatabase database, ControlSignals signals, RunnerOptions options, TimeProvider time, ILogger<OperationWorker> logger)
    : BackgroundService
{
    private readonly Dictionary<string, Task> running = [];

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

        await Task.WhenAll(running.Values).WaitAsync(TimeSpan.FromSeconds(5), time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<TimeSpan> StartDueAsync(CancellationToken stoppingToken)
    {
        foreach (var (id, _) in running.Where(pair => pair.Value.IsCompleted).ToList())
        {
            running.Remove(id);
        }

        var room = options.Parallel - running.Count;
        var (due, next) = await database.ReadAsync(
            unit => (room > 0 ? OperationRows.FindDue(unit, options.Parallel * 2) : [], OperationRows.NextDue(unit)), stoppingToken);
        foreach (var id in due.Where(id => !running.ContainsKey(id)).Take(room))
        {
            running[id] = Task.Run(() => RunAsync(id, stoppingToken), stoppingToken);
        }

        var untilNext = (next ?? long.MaxValue) - time.GetUtcNow().ToUnixTimeMilliseconds();
        return TimeSpan.FromMilliseconds(Math.Clamp(untilNext, 5, (long)options.LookEvery.TotalMilliseconds));
    }

    private async Task RunAsync(string id, CancellationToken stoppingToken)
    {
        try
        {
            await runner.RunAsync(id, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The claim runs out by itself, and the operation goes on from its last save.
            logger.LogError(e, "Operation {Id} was left where it is", id);
        }
        finally
        {
            // There is room for another one.
            signals.OperationIsDue();
        }
    }
}
