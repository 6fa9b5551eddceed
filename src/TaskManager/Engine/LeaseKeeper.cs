using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Engine;

/// <summary>
/// Keeps a claim while a call of its step is out, however long a cloud takes to answer. When it has not been renewed for most of a lease
/// the call is ended, so that nothing of ours is still out when another worker may begin.
/// </summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly StepContext context;
    private readonly TimeSpan patience;
    private readonly PeriodicTimer timer;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource over = new();
    private readonly ILogger logger;
    private readonly Task keeping;

    public LeaseKeeper(StepContext context, TimeSpan lease, TimeProvider time, ILogger logger)
    {
        this.context = context;
        this.logger = logger;
        patience = lease * 0.8;
        timer = new PeriodicTimer(lease / 4, time);
        lost = new CancellationTokenSource(patience, time);
        keeping = KeepAsync();
    }

    /// <summary>The claim may not hold any more.</summary>
    public CancellationToken Lost => lost.Token;

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await over.CancelAsync();
        await keeping;
        over.Dispose();
        lost.Dispose();
    }

    private async Task KeepAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                await context.WriteAsync(_ => { }, over.Token);
                lost.CancelAfter(patience);
            }
            catch (ClaimLostException)
            {
                await lost.CancelAsync();
                return;
            }
            catch (Exception e) when (!over.IsCancellationRequested)
            {
                // The next turn tries again, and without one that succeeds the patience ends.
                logger.LogWarning(e, "The claim on operation {Id} could not be renewed", context.Operation.Id);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
