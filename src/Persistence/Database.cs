using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Polly;
using Polly.Retry;

namespace Dbaas.Persistence;

/// <summary>Units of work over one dialect: threads with a connection each, transactions, and retries of the whole unit.</summary>
public sealed class Database : IDatabase, IDisposable
{
    private readonly IDialect dialect;
    private readonly SecretBox secrets;
    private readonly SessionThreads threads;
    private readonly ResiliencePipeline retries;

    /// <summary>Opens nothing yet: each thread connects when it first works.</summary>
    public Database(IDialect dialect, SecretBox secrets, int threadCount, TimeProvider time)
    {
        this.dialect = dialect;
        this.secrets = secrets;
        threads = new SessionThreads(dialect, threadCount);
        retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && dialect.IsWorthRetrying(e)),
                MaxRetryAttempts = 20,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        retries.ExecuteAsync(
            async token => await threads.RunAsync(session => work(new Unit(session.Connection, null, dialect, secrets)), token),
            cancellationToken).AsTask();

    /// <inheritdoc />
    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        retries.ExecuteAsync(
            async token => await threads.RunAsync(
                session =>
                {
                    using var transaction = dialect.BeginWrite(session.Connection);
                    var result = work(new Unit(session.Connection, transaction, dialect, secrets));
                    transaction.Commit();
                    return result;
                },
                token),
            cancellationToken).AsTask();

    /// <inheritdoc />
    public void Dispose() => threads.Dispose();
}
