using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// A program that answers for the first time knows what its plane offers: whoever has waited for it names a flavor next. A plane that is
/// away keeps nothing from starting; upkeep tries again, and later starts find what is known.
/// </summary>
/// <param name="refresh">Asks the plane.</param>
/// <param name="database">Whether anything is known.</param>
/// <param name="time">The clock of the limit.</param>
/// <param name="logger">Is told what went wrong.</param>
internal sealed class FirstCatalog(IUpkeep refresh, IDatabase database, TimeProvider time, ILogger<FirstCatalog> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if ((await database.ReadAsync(CatalogRows.Flavors, either.Token)).Count == 0)
            {
                await refresh.LookAsync(either.Token).WaitAsync(either.Token);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "What the compute plane offers is not known yet; trying again");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
