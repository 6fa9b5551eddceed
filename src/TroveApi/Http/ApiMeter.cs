using System.Diagnostics.Metrics;

namespace Dbaas.TroveApi.Http;

/// <summary>
/// What the API of this process refuses before it looks. (How long answers take, by route and status, ASP.NET Core itself measures.)
/// docs/monitoring.md tells what each means.
/// </summary>
public static class ApiMeter
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Api";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Limited = Meter.CreateCounter<long>(
        "dbaas.api.rate_limited", "{request}", "Requests that came too fast.");

    private static readonly Counter<long> Strangers = Meter.CreateCounter<long>(
        "dbaas.api.unknown_tokens", "{request}", "Requests with a token that is nobody's.");

    internal static void RateLimited(string method) => Limited.Add(1, new KeyValuePair<string, object?>("method", method));

    internal static void Stranger() => Strangers.Add(1);
}
