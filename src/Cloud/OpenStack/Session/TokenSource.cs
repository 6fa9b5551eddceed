using Dbaas.Cloud.OpenStack.Keystone;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>The one token of a session: got by whoever needs it first, while the others wait for it.</summary>
internal sealed class TokenSource(KeystoneClient keystone, TimeProvider time) : IDisposable
{
    // A call that starts with it should also end with it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _oneLogin = new(1);
    private CloudToken? _current;

    public async Task<CloudToken> GetAsync(CancellationToken cancellationToken)
    {
        if (Usable() is { } token)
        {
            return token;
        }

        await _oneLogin.WaitAsync(cancellationToken);
        try
        {
            return Usable() ?? (_current = await keystone.LogInAsync(cancellationToken));
        }
        finally
        {
            _oneLogin.Release();
        }
    }

    /// <summary>It was refused. Another that somebody got since then stays.</summary>
    public void Discard(CloudToken token) => Interlocked.CompareExchange(ref _current, null, token);

    public void Dispose() => _oneLogin.Dispose();

    private CloudToken? Usable() => Volatile.Read(ref _current) is { } token && token.ExpiresAt - Margin > time.GetUtcNow() ? token : null;
}
