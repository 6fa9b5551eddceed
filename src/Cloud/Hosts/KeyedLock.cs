namespace Dbaas.Cloud.Hosts;

/// <summary>
/// One call at a time for each key, within this process (one service owns a state folder). Keys share a fixed number of locks, so that
/// nothing grows with the number of keys ever seen.
/// </summary>
internal sealed class KeyedLock
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> TakeAsync(string key, CancellationToken cancellationToken)
    {
        var held = _locks[(uint)StringComparer.Ordinal.GetHashCode(key) % (uint)_locks.Length];
        await held.WaitAsync(cancellationToken);
        return new Release(held);
    }

    private sealed class Release(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
