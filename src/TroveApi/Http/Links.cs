using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Dbaas.TroveApi.Http;

/// <summary>Addresses of resources, as this client reaches them.</summary>
internal sealed class Links(string root, string tenant)
{
    public static string Root(HttpRequest request, TroveApiOptions options) =>
        options.PublicEndpoint?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";

    public void Write(Utf8JsonWriter json, string resource, string id)
    {
        var name = Uri.EscapeDataString(id);
        json.WriteStartArray("links");
        WriteOne(json, $"{root}/v1.0/{tenant}/{resource}/{name}", "self");
        WriteOne(json, $"{root}/{resource}/{name}", "bookmark");
        json.WriteEndArray();
    }

    /// <summary>An object with id and links.</summary>
    public void WriteReference(Utf8JsonWriter json, string resource, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        Write(json, resource, id);
        json.WriteEndObject();
    }

    public string Next(HttpRequest request, string marker)
    {
        var query = new QueryBuilder(
            request.Query
                .Where(pair => pair.Key != "marker")
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
                .Append(KeyValuePair.Create("marker", marker)));
        return $"{root}{request.Path.ToUriComponent()}{query}";
    }

    private static void WriteOne(Utf8JsonWriter json, string href, string rel)
    {
        json.WriteStartObject();
        json.WriteString("href", href);
        json.WriteString("rel", rel);
        json.WriteEndObject();
    }
}
