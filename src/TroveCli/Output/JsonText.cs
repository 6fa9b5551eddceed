using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Output;

/// <summary>Reading documents leniently and writing them readably.</summary>
internal static class JsonText
{
    // Readable: "ü" and "<" as themselves. It goes to a terminal or a JSON parser, never into a web page.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Readable(JsonNode document) => document.ToJsonString(Indented);

    public static string OneLine(JsonNode document) => document.ToJsonString(Compact);

    public static byte[] Wire(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    /// <summary>The text or number at a path of fields; null where there is none.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var field in path)
        {
            node = node is JsonObject parent && parent.TryGetPropertyValue(field, out var child) ? child : null;
        }

        return node is not JsonValue value ? null : value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.ToJsonString(),
        };
    }

    public static string Id(this JsonNode node) => node.Text("id") ?? throw TroveException.Unreadable("a resource without an id");

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string field) =>
        (node is JsonObject parent && parent[field] is JsonArray items ? items : []).OfType<JsonNode>();

    /// <summary>Sets a field where there is something to say.</summary>
    public static void SetIfGiven(this JsonObject document, string field, string? value)
    {
        if (value is not null)
        {
            document[field] = value;
        }
    }

    public static double? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        double.TryParse(node.Text(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
