using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>
/// Starts agents again that died, within a second or two; one that keeps dying less and less often. There is no child to wait for (agents
/// outlive the service), so it looks.
/// </summary>
internal sealed class AgentWatcher(LocalCompute compute, TimeProvider time, ILogger<AgentWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>An agent that lived this long starts with a clean sheet.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan[] Waits = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    private readonly ConcurrentDictionary<string, (int Deaths, long LastAt)> _history = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "The agents of the local plane could not be looked at");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, _) in _history.Where(entry => time.GetElapsedTime(entry.Value.LastAt) > Forgiven).ToArray())
        {
            _history.TryRemove(key, out _);
        }

        // At the same time: one that hangs does not keep the others waiting.
        await Task.WhenAll(compute.WithDeadAgent().Where(IsDue).Select(key => ReviveAsync(key, cancellationToken)));
    }

    private bool IsDue(string key)
    {
        var (deaths, lastAt) = _history.GetValueOrDefault(key);
        if (deaths > 0 && time.GetElapsedTime(lastAt) < Waits[Math.Min(deaths, Waits.Length - 1)])
        {
            return false;
        }

        _history[key] = (deaths + 1, time.GetTimestamp());
        return true;
    }

    private async Task ReviveAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            if (await compute.ReviveAsync(key, cancellationToken))
            {
                logger.LogWarning("The agent of server {Server} did not run and was started again", key);
            }
            else
            {
                _history.TryRemove(key, out _);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "The agent of server {Server} cannot be started", key);
        }
    }
}
