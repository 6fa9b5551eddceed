using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Dbaas.Identity.Limits;

/// <summary>
/// How often something may be done, for each key by itself. Each bucket begins full and gets one permit back after the other. They are
/// filled when they are looked at, so nothing runs while nobody asks.
/// </summary>
/// <param name="capacity">What may be done at once.</param>
/// <param name="perPermit">How long it takes until one more is there.</param>
public sealed class PermitBuckets<TKey>(int capacity, TimeSpan perPermit)
    where TKey : notnull
{
    /// <summary>Keys may be made up by strangers: beyond so many, those that are full again are forgotten.</summary>
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<TKey, TokenBucketRateLimiter> buckets = new();

    /// <summary>Takes a permit.</summary>
    /// <returns>Null: it was taken. Otherwise how long it takes until there is one.</returns>
    public TimeSpan? TryTake(TKey key)
    {
        using var lease = Bucket(key).AttemptAcquire();
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : perPermit;
    }

    /// <summary>How many permits there are.</summary>
    public int Left(TKey key) => (int)Bucket(key).GetStatistics()!.CurrentAvailablePermits;

    private TokenBucketRateLimiter Bucket(TKey key)
    {
        if (buckets.Count > Many)
        {
            foreach (var (idle, _) in buckets.Where(pair => pair.Value.IdleDuration > capacity * perPermit))
            {
                buckets.TryRemove(idle, out _);
            }
        }

        var bucket = buckets.GetOrAdd(key, _ => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = capacity,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = perPermit,
            AutoReplenishment = false,
            QueueLimit = 0,
        }));
        bucket.TryReplenish();
        return bucket;
    }
}
