using System.Text.Json;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Quotas;

/// <summary><c>/mgmt/quotas/{project}</c>.</summary>
internal sealed class QuotaEndpoints(IDatabase database, TroveApiOptions options)
{
    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var project = request.Id("project");
        if (project != request.Tenant && !request.IsAdmin)
        {
            throw FaultException.Forbidden($"Operation not allowed for tenant {request.Tenant}.");
        }

        var quotas = await database.ReadAsync(unit => QuotaReader.Of(unit, project, options), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("quotas");
            foreach (var quota in quotas)
            {
                json.WriteStartObject();
                json.WriteString("resource", quota.Resource);
                json.WriteNumber("in_use", quota.InUse);
                json.WriteNumber("reserved", quota.Reserved);
                json.WriteNumber("limit", quota.HardLimit);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public async Task<Answer> UpdateAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var project = request.Id("project");
        var limits = (await request.BodyAsync()).Only("quotas")["quotas"].Members()
            .Select(member => (Resource: member.Name, Limit: Read(member.Name, member.Value)))
            .OrderBy(member => member.Resource, StringComparer.Ordinal)
            .ToList();
        await database.WriteAsync(
            unit =>
            {
                QuotaRows.Ensure(unit, project, options.Quotas);
                foreach (var (resource, limit) in limits)
                {
                    QuotaRows.SetLimit(unit, project, resource, limit);
                }
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("quotas");
            foreach (var (resource, limit) in limits)
            {
                json.WriteNumber(resource, limit);
            }

            json.WriteEndObject();
        });
    }

    private static long Read(string resource, JsonField field)
    {
        if (!QuotaResources.All.Contains(resource))
        {
            throw FaultException.NotFound($"Quota resource {resource} cannot be found.");
        }

        // troveclient sends what its user typed.
        return field.Element.ValueKind == JsonValueKind.String && field.Text(20) == "-1" ? -1 : field.Number(-1, int.MaxValue);
    }
}
