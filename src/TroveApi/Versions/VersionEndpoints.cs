using System.Text.Json;
using Dbaas.TroveApi.Http;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Versions;

/// <summary>Which versions of the API there are. For everybody.</summary>
internal sealed class VersionEndpoints(TroveApiOptions options)
{
    public Task<Answer> ListAsync(HttpContext context) => Task.FromResult(Answer.Json(json =>
    {
        json.WriteStartArray("versions");
        Write(json, context);
        json.WriteEndArray();
    }));

    public Task<Answer> ShowAsync(HttpContext context) => Task.FromResult(Answer.Json(json =>
    {
        json.WritePropertyName("version");
        Write(json, context);
    }));

    private void Write(Utf8JsonWriter json, HttpContext context)
    {
        json.WriteStartObject();
        json.WriteString("id", "v1.0");
        json.WriteString("status", "CURRENT");
        json.WriteString("updated", "2012-08-01T00:00:00Z");
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", $"{Links.Root(context.Request, options)}/v1.0/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
