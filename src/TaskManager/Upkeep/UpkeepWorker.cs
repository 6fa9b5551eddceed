using Dbaas.TaskManager.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Lets each upkeep look at its own pace; what fails is logged and tried again soon: a new service should not wait for long.
/// </summary>
internal sealed class UpkeepWorker(IEnumerable<IUpkeep> upkeeps, TimeProvider time, ILogger<UpkeepWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(upkeeps.Select(upkeep => LoopAsync(upkeep, stoppingToken)));

    private async Task LoopAsync(IUpkeep upkeep, CancellationToken stoppingToken)
    {
        using var news = upkeep.Listen();
        var failures = 0;
        while (true)
        {
            TimeSpan pause;
            try
            {
                await upkeep.LookAsync(stoppingToken);
                (pause, failures) = (upkeep.Every, 0);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Never later than it would have looked anyhow; and not at once, also where there is something due at once.
                var (wait, usual) = (Backoff.Wait(++failures, chance: 1), upkeep.Every);
                pause = wait < usual ? wait : usual > LeastPause ? usual : LeastPause;
                logger.LogError(e, "{Upkeep} failed; trying again in {Seconds} s", upkeep.GetType().Name, pause.TotalSeconds);
            }

            await (news?.WaitAsync(pause, stoppingToken) ?? Task.Delay(pause, time, stoppingToken));
        }
    }
}
