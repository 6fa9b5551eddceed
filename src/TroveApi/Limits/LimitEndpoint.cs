using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Limits;

/// <summary><c>/limits</c>: quotas and rate limits in one list.</summary>
internal sealed class LimitEndpoint(IDatabase database, RateLimits rates, TroveApiOptions options, TimeProvider time)
{
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var quotas = await database.ReadAsync(unit => QuotaReader.Of(unit, request.Tenant, options), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("limits");
            json.WriteStartObject();
            json.WriteString("verb", "ABSOLUTE");
            foreach (var resource in QuotaResources.All)
            {
                json.WriteNumber($"max_{resource}", quotas.First(quota => quota.Resource == resource).HardLimit);
            }

            json.WriteEndObject();
            foreach (var verb in rates.IsOn ? RateLimits.Verbs : [])
            {
                json.WriteStartObject();
                json.WriteString("verb", verb);
                json.WriteString("uri", "*");
                json.WriteString("regex", ".*");
                json.WriteNumber("value", options.RateLimitPerMinute);
                json.WriteNumber("remaining", rates.Remaining(request.Tenant, verb));
                json.WriteString("unit", "MINUTE");
                json.WriteString("nextAvailable", Times.Format(time.GetUtcNow().ToUnixTimeMilliseconds()) + "Z");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
