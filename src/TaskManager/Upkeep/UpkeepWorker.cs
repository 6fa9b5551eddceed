using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Lets each upkeep look at its own pace; what fails is logged and tried at the next turn.</summary>
internal sealed class UpkeepWorker(IEnumerable<IUpkeep> upkeeps, TimeProvider time, ILogger<UpkeepWorker> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(upkeeps.Select(upkeep => LoopAsync(upkeep, stoppingToken)));

    private async Task LoopAsync(IUpkeep upkeep, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(upkeep.Every, time);
        do
        {
            try
            {
                await upkeep.LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "{Upkeep} failed; trying again later", upkeep.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
