namespace Dbaas.Persistence.Signals;

/// <summary>One listener of a <see cref="Signal"/>.</summary>
public sealed class Subscription : IDisposable
{
    private readonly Signal signal;
    private readonly SemaphoreSlim news = new(0, 1);

    internal Subscription(Signal signal, string key)
    {
        this.signal = signal;
        Key = key;
    }

    internal string Key { get; }

    /// <summary>Waits for news since the last wait (or the subscription).</summary>
    /// <returns>False: none came in time.</returns>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => news.WaitAsync(timeout, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => signal.Remove(this);

    internal void Wake()
    {
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // There is unread news already.
        }
    }
}
