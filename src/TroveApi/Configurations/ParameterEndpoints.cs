using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.TroveApi.Datastores;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Configurations;

/// <summary>The parameters of a datastore version.</summary>
internal sealed class ParameterEndpoints(IDatabase database)
{
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var version = await VersionAsync(request);
        return Answer.Json(json =>
        {
            json.WriteStartArray("configuration-parameters");
            foreach (var rule in ParameterRules.Of(version).All)
            {
                json.WriteStartObject();
                Write(json, rule, version);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var version = await VersionAsync(request);
        var rule = ParameterRules.Of(version).Find(request.Id("name")) ?? throw FaultException.NoSuch(request.Id("name"));
        return Answer.Json(json => Write(json, rule, version));
    }

    private Task<DatastoreVersion> VersionAsync(ApiRequest request) =>
        database.ReadAsync(unit => Catalogue.Version(unit, request), request.Cancelled);

    private static void Write(Utf8JsonWriter json, ParameterRule rule, DatastoreVersion version)
    {
        json.WriteString("name", rule.Name);
        json.WriteString("datastore_version_id", version.Id);
        json.WriteBoolean("restart_required", rule.RestartRequired);
        json.WriteString("type", rule.Type);
        if (rule.Min is { } min)
        {
            json.WritePropertyName("min");
            json.WriteRawValue(min);
        }

        if (rule.Max is { } max)
        {
            json.WritePropertyName("max");
            json.WriteRawValue(max);
        }
    }
}
