using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Says that there is a gateway: before anybody looks at how guests are, and as long as there is one. See <see cref="GatewayWatchRows"/>.
/// </summary>
internal sealed class GatewaySigns(IDatabase database, GuestOptions options, TimeProvider time, ILogger<GatewaySigns> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Gap = 3 * Every;

    private readonly IDatabase database = database.In(DatabaseLane.Agents);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await SignAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SignAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "This gateway could not leave its sign; trying again");
            }
        }
    }

    private async Task SignAsync(CancellationToken cancellationToken)
    {
        // Of many gateways one writes.
        if (await database.ReadAsync(unit => GatewayWatchRows.IsDue(unit, Every / 2), cancellationToken))
        {
            await database.WriteAsync(unit => GatewayWatchRows.Sign(unit, Every / 2, Gap, options.SilentAfter), cancellationToken);
        }
    }
}
