namespace Dbaas.Keystone;

/// <summary>The one token of a session: got by whoever needs it first, while the others wait for it.</summary>
public sealed class TokenSource<TToken>(Func<CancellationToken, Task<TToken>> logIn, TimeProvider time) : IDisposable
    where TToken : KeystoneToken
{
    // A call that starts with it should also end with it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _oneLogin = new(1);
    private TToken? _current;

    /// <summary>One that is good; a new one when there is none, or when it is about to end.</summary>
    public async Task<TToken> GetAsync(CancellationToken cancellationToken)
    {
        if (Usable() is { } token)
        {
            return token;
        }

        await _oneLogin.WaitAsync(cancellationToken);
        try
        {
            return Usable() ?? (_current = await logIn(cancellationToken));
        }
        finally
        {
            _oneLogin.Release();
        }
    }

    /// <summary>It was refused. Another that somebody got since then stays.</summary>
    public void Discard(TToken token) => Interlocked.CompareExchange(ref _current, null, token);

    /// <inheritdoc />
    public void Dispose() => _oneLogin.Dispose();

    private TToken? Usable() => Volatile.Read(ref _current) is { } token && token.ExpiresAt - Margin > time.GetUtcNow() ? token : null;
}
