using System.Text.Json;

namespace Dbaas.TroveApi.Http;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="Marker">The last item of the page before; null: from the beginning.</param>
internal readonly record struct Page(int Limit, string? Marker)
{
    /// <summary>Writes Trove's <c>links</c> beside a list; nothing on the last page.</summary>
    public static void WriteNext(Utf8JsonWriter json, ApiRequest request, string? nextMarker)
    {
        if (nextMarker is null)
        {
            return;
        }

        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "next");
        json.WriteString("href", request.NextPage(nextMarker));
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
