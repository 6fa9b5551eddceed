namespace Dbaas.GuestAgent.Events;

/// <summary>Tells whoever reports that there is something to look at. Told any number of times, it is one look.</summary>
internal sealed class Changes : IDisposable
{
    private readonly SemaphoreSlim one = new(0, 1);

    public void Tell()
    {
        try
        {
            one.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is told already.
        }
    }

    /// <summary>Completes when there is something, or the time is over.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => one.WaitAsync(atMost, cancellationToken);

    public void Dispose() => one.Dispose();
}
