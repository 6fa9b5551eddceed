using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Datastores;

/// <summary><c>/datastores</c> and their versions.</summary>
internal sealed class DatastoreEndpoints(IDatabase database)
{
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var all = await database.ReadAsync(unit => Catalogue.All(unit, request), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("datastores");
            foreach (var (datastore, versions) in all)
            {
                Write(json, request, datastore, versions);
            }

            json.WriteEndArray();
        });
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var (datastore, versions) = await database.ReadAsync(unit => Catalogue.Datastore(unit, request), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WritePropertyName("datastore");
            Write(json, request, datastore, versions);
        });
    }

    public async Task<Answer> VersionsAsync(ApiRequest request)
    {
        var (_, versions) = await database.ReadAsync(unit => Catalogue.Datastore(unit, request), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("versions");
            foreach (var version in versions)
            {
                WriteVersion(json, request, version);
            }

            json.WriteEndArray();
        });
    }

    public async Task<Answer> VersionAsync(ApiRequest request)
    {
        var version = await database.ReadAsync(unit => Catalogue.Version(unit, request), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WritePropertyName("version");
            WriteVersion(json, request, version);
        });
    }

    public async Task<Answer> VolumeTypesAsync(ApiRequest request)
    {
        var types = await database.ReadAsync(
            unit =>
            {
                _ = Catalogue.Version(unit, request);
                return CatalogRows.VolumeTypes(unit);
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("volume_types");
            foreach (var type in types)
            {
                json.WriteStartObject();
                json.WriteString("id", type.Id);
                json.WriteString("name", type.Name);
                json.WriteBoolean("is_public", true);
                json.WriteString("description", type.Description);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, ApiRequest request, Datastore datastore, IEnumerable<DatastoreVersion> versions)
    {
        json.WriteStartObject();
        json.WriteString("id", datastore.Id);
        json.WriteString("name", datastore.Name);
        request.Links.Write(json, "datastores", datastore.Id);
        if (datastore.DefaultVersionId is { } defaultVersion)
        {
            json.WriteString("default_version", defaultVersion);
        }

        json.WriteStartArray("versions");
        foreach (var version in versions)
        {
            json.WriteStartObject();
            WriteName(json, request, version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, ApiRequest request, DatastoreVersion version)
    {
        json.WriteString("id", version.Id);
        json.WriteString("name", version.Name);
        json.WriteString("version", version.Number);
        request.Links.Write(json, $"datastores/{version.DatastoreId}/versions", version.Id);
    }

    private static void WriteVersion(Utf8JsonWriter json, ApiRequest request, DatastoreVersion version)
    {
        json.WriteStartObject();
        WriteName(json, request, version);
        json.WriteString("datastore", version.DatastoreId);
        if (request.IsAdmin)
        {
            json.WriteBoolean("active", version.Active);
            json.WriteString("packages", "");
            json.WriteString("image", version.Image);
            json.WriteStartArray("image_tags");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
