using System.Collections.Concurrent;

namespace Dbaas.TroveApi.Http;

/// <summary>A bucket for each project and verb that leaks steadily, as Trove's: a request fills it by one, and does not fit when it is full.</summary>
internal sealed class RateLimits(TroveApiOptions options, TimeProvider time)
{
    private const double Minute = 60_000;
    private static readonly string[] Limited = ["POST", "PUT", "DELETE", "GET"];
    private readonly ConcurrentDictionary<(string Tenant, string Verb), Bucket> buckets = new();

    public static IReadOnlyList<string> Verbs => Limited;

    public bool IsOn => options.RateLimitPerMinute > 0;

    /// <summary>Counts a request.</summary>
    /// <returns>Null: go on. Otherwise how long to wait.</returns>
    public TimeSpan? Count(string tenant, string verb)
    {
        if (!IsOn || !Limited.Contains(verb))
        {
            return null;
        }

        var bucket = buckets.GetOrAdd((tenant, verb), _ => new Bucket());
        lock (bucket)
        {
            Leak(bucket);
            if (bucket.Level + 1 > options.RateLimitPerMinute)
            {
                return TimeSpan.FromMilliseconds((bucket.Level + 1 - options.RateLimitPerMinute) * Minute / options.RateLimitPerMinute);
            }

            bucket.Level += 1;
            return null;
        }
    }

    public int Remaining(string tenant, string verb)
    {
        if (!buckets.TryGetValue((tenant, verb), out var bucket))
        {
            return options.RateLimitPerMinute;
        }

        lock (bucket)
        {
            Leak(bucket);
            return (int)(options.RateLimitPerMinute - bucket.Level);
        }
    }

    private void Leak(Bucket bucket)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        bucket.Level = Math.Max(0, bucket.Level - ((now - bucket.At) * options.RateLimitPerMinute / Minute));
        bucket.At = now;
    }

    private sealed class Bucket
    {
        public double Level { get; set; }

        public long At { get; set; }
    }
}
