using System.Text;
using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Configurations;

/// <summary>Fields of a configuration group in a request.</summary>
internal static class ConfigurationFields
{
    private const int MaxDescription = 255;

    public static string? Description(JsonField wanted) => wanted.FindValue("description")?.Text(MaxDescription);

    /// <param name="version">Whose parameters they are.</param>
    /// <param name="values">What was given; null: nothing.</param>
    /// <param name="all">What the group has with that.</param>
    /// <exception cref="FaultException">They are not on offer, do not fit their limits, or not each other.</exception>
    public static void Check(DatastoreVersion version, JsonField? values, string all)
    {
        var rules = ParameterRules.Of(version);
        if (values is { } given)
        {
            rules.Check(version, given);
        }

        if (ValueRules.WhyNotTogether(EngineValues.Of(all)) is { } why)
        {
            throw FaultException.Unprocessable(why);
        }
    }

    /// <summary>A group's values with some that are new, or other than they were.</summary>
    public static string Merge(string before, JsonField values)
    {
        using var document = JsonDocument.Parse(before);
        var merged = new SortedDictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in document.RootElement.EnumerateObject().Concat(values.Element.EnumerateObject()))
        {
            merged[member.Name] = member.Value;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, value) in merged)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
