using System.Collections.Concurrent;
using System.Data.Common;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>A few threads, each with a connection of its own: at most so many units run at once, and none on Kestrel's threads.</summary>
internal sealed class SessionThreads : IDisposable
{
    private readonly BlockingCollection<Action<Session>> queue = [];
    private readonly IDialect dialect;
    private readonly Thread[] threads;

    public SessionThreads(IDialect dialect, int count)
    {
        this.dialect = dialect;
        threads = [.. Enumerable.Range(0, count).Select(index => new Thread(Work) { IsBackground = true, Name = $"database-{index}" })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    public Task<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(
            session =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    done.SetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    done.SetResult(work(session));
                }
                catch (Exception e)
                {
                    // A connection that threw may hold half a conversation: it is closed, not used again.
                    if (e is DbException)
                    {
                        session.Close();
                    }

                    done.SetException(e);
                }
            },
            CancellationToken.None);
        return done.Task;
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        foreach (var thread in threads)
        {
            thread.Join(TimeSpan.FromSeconds(10));
        }

        queue.Dispose();
    }

    private void Work()
    {
        using var session = new Session(dialect);
        foreach (var item in queue.GetConsumingEnumerable())
        {
            item(session);
        }
    }
}
