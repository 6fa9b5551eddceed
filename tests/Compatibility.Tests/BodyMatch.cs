using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dbaas.Compatibility.Tests;

/// <summary>Compares an answer with what is expected of it: nothing may be missing, and nothing be there that is not named.</summary>
internal static partial class BodyMatch
{
    /// <summary>A member of this name says that an object may have more members than those named.</summary>
    private const string Open = "…";

    public static void Check(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                var given = Assert.IsType<JsonObject>(actual);
                foreach (var (name, value) in members.Where(member => member.Key != Open))
                {
                    Assert.True(given.ContainsKey(name), $"{path}/{name} is missing in {given.ToJsonString()}");
                    Check(value, given[name], $"{path}/{name}");
                }

                var more = given.Select(member => member.Key).Where(name => !members.ContainsKey(name)).ToArray();
                Assert.True(more.Length == 0 || members.ContainsKey(Open), $"{path} has also {string.Join(", ", more)}");

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
                Assert.True(
                    JsonNode.DeepEquals(expected, actual),
                    $"{path}: {actual?.ToJsonString() ?? "null"} instead of {expected?.ToJsonString() ?? "null"}");
                break;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\z")]
    private static partial Regex Date();
}
