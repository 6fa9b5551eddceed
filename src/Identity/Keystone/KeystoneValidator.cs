using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Identity.Keystone;

/// <summary>
/// Says who holds a token as Keystone says it. Answers are remembered by the token's hash, never the token itself; for one token Keystone
/// is asked once at a time, however many requests wait for the answer.
/// </summary>
internal sealed class KeystoneValidator(KeystoneClient keystone, TokenCache cache, TimeProvider time) : ITokenValidator
{
    private const int LongestToken = 4096;
    private readonly ConcurrentDictionary<string, Lazy<Task<TokenAnswer>>> _questions = new();

    public async Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken)
    {
        if (!MayBeToken(token))
        {
            return null;
        }

        var hash = HashOf(token);
        if (cache.Find(hash) is { } known && known.IsGoodFor(freshness, time))
        {
            return known.CallerNow(time);
        }

        // It goes on when this request is given up: others may wait for it.
        var question = _questions.GetOrAdd(hash, _ => new Lazy<Task<TokenAnswer>>(() => AskAsync(hash, token)));
        var answer = await question.Value.WaitAsync(cancellationToken);
        return answer.IsGoodFor(freshness, time)
            ? answer.CallerNow(time)
            : throw new IdentityUnavailableException("Keystone's answer came too late to be relied on.");
    }

    public bool IsKnown(string token) => MayBeToken(token) && cache.Find(HashOf(token))?.Caller is not null;

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private async Task<TokenAnswer> AskAsync(string hash, string token)
    {
        try
        {
            var answer = await keystone.AskAsync(token);
            cache.Keep(hash, answer);
            return answer;
        }
        finally
        {
            _questions.TryRemove(hash, out _);
        }
    }

    // What cannot stand in a header is no token, and neither is what is longer than any of Keystone's.
    private static bool MayBeToken(string token) => token.Length is > 0 and <= LongestToken && token.All(c => c is > ' ' and <= '~');
}
