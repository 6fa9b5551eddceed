using System.Collections.Concurrent;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>A few threads, each with a connection of its own: at most so many units run at once, and none on Kestrel's threads.</summary>
internal sealed class SessionThreads : IDisposable
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestConnection = TimeSpan.FromMinutes(5);
    private readonly BlockingCollection<QueuedWork> queue = [];
    private readonly IDialect dialect;
    private readonly Thread[] threads;

    public SessionThreads(IDialect dialect, int count)
    {
        this.dialect = dialect;
        threads = [.. Enumerable.Range(0, count).Select(index => new Thread(Work) { IsBackground = true, Name = $"database-{index}" })];
        foreach (var thread in threads)
        {
            // Unsafe: without what flows from the caller, such as its trace or its request, which would stay here for good.
            thread.UnsafeStart();
        }
    }

    /// <summary>Runs the work on one of the threads. Cancellation takes it back while it waits; work that has begun is not cut.</summary>
    public async Task<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var queued = new QueuedWork<T>(work);
        try
        {
            queue.Add(queued, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(Database));
        }

        await using var registration = cancellationToken.UnsafeRegister((_, token) => queued.Cancel(token), null);
        return await queued.Done;
    }

    /// <summary>What runs may end; what waits is refused.</summary>
    public void Dispose()
    {
        if (queue.IsAddingCompleted)
        {
            return;
        }

        queue.CompleteAdding();
        while (queue.TryTake(out var waiting))
        {
            waiting.Refuse();
        }

        // The queue itself is left to the garbage collector: a thread that is still busy after this is going to look at it once more.
        foreach (var thread in threads)
        {
            thread.Join(Goodbye);
        }
    }

    private void Work()
    {
        using var session = new Session(dialect, LongestConnection);
        foreach (var work in queue.GetConsumingEnumerable())
        {
            session.Refresh();
            work.Run(session);
        }
    }
}
