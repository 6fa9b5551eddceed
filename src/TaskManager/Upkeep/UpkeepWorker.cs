using Dbaas.Persistence;
using Dbaas.TaskManager.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Lets each upkeep look at its own pace, where it is this node that does it; what fails is logged and tried again soon: a new service
/// should not wait for long.
/// </summary>
internal sealed class UpkeepWorker : BackgroundService
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<IUpkeep> upkeeps;
    private readonly UpkeepLeases leases;
    private readonly TimeProvider time;
    private readonly ILogger<UpkeepWorker> logger;

    public UpkeepWorker(
        IEnumerable<IUpkeep> upkeeps, RunnerOptions options, IDatabase database, TimeProvider time, ILoggerFactory loggers)
    {
        this.upkeeps = [.. upkeeps];
        this.time = time;
        logger = loggers.CreateLogger<UpkeepWorker>();
        var kinds = this.upkeeps.Where(upkeep => upkeep.Scope != UpkeepScope.EveryNode).Select(KindOf).ToList();
        leases = new UpkeepLeases(kinds, options.Seat, database, time, loggers.CreateLogger<UpkeepLeases>());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                upkeeps.Select(upkeep => upkeep.Scope == UpkeepScope.EveryNode
                    ? LoopAsync(upkeep, stoppingToken)
                    : LoopWhileOursAsync(upkeep, stoppingToken))
                    .Append(leases.KeepAsync(stoppingToken)));
        }
        finally
        {
            // Whoever does it from now on need not wait until the lease has run out.
            using var limit = new CancellationTokenSource(GoodbyeLimit, time);
            await leases.GiveBackAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string KindOf(IUpkeep upkeep) => upkeep.GetType().Name;

    private async Task LoopWhileOursAsync(IUpkeep upkeep, CancellationToken stoppingToken)
    {
        while (true)
        {
            var lost = await leases.HoldAsync(KindOf(upkeep), stoppingToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, stoppingToken);
            await LoopAsync(upkeep, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

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
