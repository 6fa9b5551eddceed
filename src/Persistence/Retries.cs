using Dbaas.Persistence.Dialects;
using Polly;
using Polly.Retry;

namespace Dbaas.Persistence;

/// <summary>
/// Runs a whole unit again for as long as one has patience. The pauses grow, and are by chance anything between nothing and their limit: of
/// two that got in each other's way, one comes first the next time.
/// </summary>
/// <remarks>
/// By the real clock, not by a TimeProvider: what is waited for is another transaction, which no test's clock moves.
/// </remarks>
internal sealed class Retries(TimeSpan patience)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly ResiliencePropertyKey<Tries> Key = new("tries");

    private static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(TriesOf(args.Context).MayRunAgain(args.Outcome.Exception)),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Pause(args.AttemptNumber, Random.Shared.NextDouble())),
        })
        .Build();

    /// <summary>Runs a unit.</summary>
    /// <param name="run">Runs it once.</param>
    /// <param name="whyAgain">Why it may run again after this exception; null: it may not.</param>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <exception cref="DatabaseAwayException">Ours is at its end.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> run, Func<Exception, RetryReason?> whyAgain, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(patience);
        var (tries, context) = (new Tries(whyAgain), ResilienceContextPool.Shared.Get(enough.Token));
        context.Properties.Set(Key, tries);
        try
        {
            return await Pipeline.ExecuteAsync(
                static async (context, run) => await run(context.CancellationToken), context, run);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseAwayException(patience, tries.Last);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Full jitter.</summary>
    internal static TimeSpan Pause(int attempt, double chance)
    {
        var limit = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 16)));
        return TimeSpan.FromMilliseconds(chance * limit);
    }

    private static Tries TriesOf(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    private sealed class Tries(Func<Exception, RetryReason?> whyAgain)
    {
        public Exception? Last { get; private set; }

        public bool MayRunAgain(Exception? exception)
        {
            if (exception is null || whyAgain(exception) is not { } reason)
            {
                return false;
            }

            Last = exception;
            DatabaseMetrics.UnitRunsAgain(reason);
            return true;
        }
    }
}
