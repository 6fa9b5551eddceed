using Dbaas.Identity.Limits;

namespace Dbaas.TroveApi.Http;

/// <summary>A bucket of permits for each project and verb that fills steadily, as Trove's.</summary>
internal sealed class RateLimits
{
    private static readonly string[] Limited = ["POST", "PUT", "DELETE", "GET"];
    private readonly PermitBuckets<(string Tenant, string Verb)>? buckets;

    public RateLimits(TroveApiOptions options) =>
        buckets = options.RateLimitPerMinute > 0
            ? new(options.RateLimitPerMinute, TimeSpan.FromMinutes(1) / options.RateLimitPerMinute)
            : null;

    public static IReadOnlyList<string> Verbs => Limited;

    public bool IsOn => buckets is not null;

    /// <summary>Counts a request.</summary>
    /// <returns>Null: go on. Otherwise how long to wait.</returns>
    public TimeSpan? Count(string tenant, string verb) => Limited.Contains(verb) ? buckets?.TryTake((tenant, verb)) : null;

    /// <summary>How many requests there may be at once. There are limits.</summary>
    public int Remaining(string tenant, string verb) => buckets!.Left((tenant, verb));
}
