using System.Text.Json;

namespace Dbaas.TroveApi.Configurations;

/// <summary>A group's values as an engine's settings file takes them.</summary>
internal static class EngineValues
{
    public static Dictionary<string, string> Of(string valuesJson)
    {
        using var document = JsonDocument.Parse(valuesJson);
        return document.RootElement.EnumerateObject().ToDictionary(
            member => member.Name.ToLowerInvariant(),
            member => member.Value.ValueKind switch
            {
                JsonValueKind.True => "1",
                JsonValueKind.False => "0",
                JsonValueKind.String => member.Value.GetString()!,
                _ => member.Value.GetRawText(),
            });
    }
}
