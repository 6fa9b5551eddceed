using System.Text.Json;

namespace Dbaas.Domain.Configurations;

/// <summary>
/// A group's values as an engine's settings file takes them. Of a name that is there twice (in capitals, in an old group) the last counts.
/// </summary>
public static class EngineValues
{
    /// <summary>Reads them.</summary>
    /// <param name="valuesJson">See <see cref="ConfigurationGroup.ValuesJson"/>.</param>
    public static Dictionary<string, string> Of(string valuesJson)
    {
        using var document = JsonDocument.Parse(valuesJson);
        var values = new Dictionary<string, string>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            values[member.Name.ToLowerInvariant()] = member.Value.ValueKind switch
            {
                JsonValueKind.True => "1",
                JsonValueKind.False => "0",
                JsonValueKind.String => member.Value.GetString()!,
                _ => member.Value.GetRawText(),
            };
        }

        return values;
    }
}
