namespace Dbaas.Persistence;

/// <summary>One unit that waits for a thread.</summary>
internal abstract class QueuedWork
{
    private int begun;

    /// <summary>Runs it on a thread's session, unless it was given up before.</summary>
    public abstract void Run(Session session);

    /// <summary>Nobody is going to run it.</summary>
    public abstract void Refuse();

    /// <summary>Whoever comes first, the thread or the one who gives up, decides.</summary>
    protected bool TryBegin() => Interlocked.Exchange(ref begun, 1) == 0;
}

/// <summary>A unit with a result.</summary>
internal sealed class QueuedWork<T>(Func<Session, T> work) : QueuedWork
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => done.Task;

    public override void Run(Session session)
    {
        if (!TryBegin())
        {
            return;
        }

        try
        {
            done.SetResult(work(session));
        }
        catch (Exception e)
        {
            session.Fail(e);
            done.SetException(e);
        }
    }

    public override void Refuse()
    {
        if (TryBegin())
        {
            done.SetException(new ObjectDisposedException(nameof(Database)));
        }
    }

    /// <summary>The caller does not want it any more. Once it runs it is too late: then its outcome counts.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (TryBegin())
        {
            done.SetCanceled(cancellationToken);
        }
    }
}
