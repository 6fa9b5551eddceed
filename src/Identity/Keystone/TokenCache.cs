using Microsoft.Extensions.Caching.Memory;

namespace Dbaas.Identity.Keystone;

/// <summary>The newest answers, by the hash of their tokens. When it is full, those about nobody go first: anybody can make them.</summary>
internal sealed class TokenCache : IDisposable
{
    public const int Capacity = 10_000;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public int Count => _answers.Count;

    public TokenAnswer? Find(string hash) => _answers.Get<TokenAnswer>(hash);

    public void Keep(string hash, TokenAnswer answer) => _answers.Set(hash, answer, new MemoryCacheEntryOptions
    {
        Size = 1,
        AbsoluteExpirationRelativeToNow = answer.Life,
        Priority = answer.Caller is null ? CacheItemPriority.Low : CacheItemPriority.Normal,
    });

    public void Dispose() => _answers.Dispose();
}
