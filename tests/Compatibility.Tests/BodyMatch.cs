using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dbaas.Compatibility.Tests;

/// <summary>Compares an answer with what is expected of it.</summary>
internal static partial class BodyMatch
{
    public static void Check(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                var given = Assert.IsType<JsonObject>(actual);
                foreach (var (name, value) in members)
                {
                    Assert.True(given.ContainsKey(name), $"{path}/{name} is missing in {given.ToJsonString()}");
                    Check(value, given[name], $"{path}/{name}");
                }

                break;
            case JsonArray items:
                var list = Assert.IsType<JsonArray>(actual);
                Assert.True(items.Count == list.Count, $"{path}: {list.Count} items instead of {items.Count}: {list.ToJsonString()}");
                for (var i = 0; i < items.Count; i++)
                {
                    Check(items[i], list[i], $"{path}[{i}]");
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "*":
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "*date":
                Assert.Matches(Date(), actual!.GetValue<string>());
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {actual?.ToJsonString() ?? "null"} instead of {expected?.ToJsonString() ?? "null"}");
                break;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\z")]
    private static partial Regex Date();
}
