using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.Persistence.Signals;

/// <summary>
/// Looks in the database whether what is waited for in this process has come from another one: one look for all who wait, and none while
/// nobody does.
/// </summary>
/// <param name="signal">What is waited for.</param>
/// <param name="every">From one look to the next.</param>
/// <param name="time">Where time comes from.</param>
/// <param name="logger">Where it says what failed.</param>
public abstract class SignalWatch(Signal signal, TimeSpan every, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Looks, and tells those who wait.</summary>
    /// <param name="waitedFor">The keys that somebody listens to.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    protected abstract Task LookAsync(IReadOnlyCollection<string> waitedFor, CancellationToken cancellationToken);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (signal.Keys is { Count: > 0 } waitedFor)
                {
                    await LookAsync(waitedFor, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "{Watch} could not look; trying again", GetType().Name);
            }
        }
    }
}
