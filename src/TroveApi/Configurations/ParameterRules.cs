using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Configurations;

/// <summary>
/// The parameters of each datastore: Trove's tables, without those that the engines do not take at start and those that the service keeps
/// for itself (<c>server_id</c>).
/// </summary>
internal sealed class ParameterRules
{
    private static readonly ConcurrentDictionary<string, ParameterRules?> Known = new();
    private readonly Dictionary<string, ParameterRule> rules;

    private ParameterRules(IEnumerable<ParameterRule> rules) =>
        this.rules = rules.ToDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ParameterRule> All => rules.Values;

    /// <exception cref="FaultException">The datastore has none.</exception>
    public static ParameterRules Of(DatastoreVersion version) => Known.GetOrAdd(version.DatastoreName, Load)
        ?? throw FaultException.Unprocessable(
            $"Configuration groups are not supported for this datastore: {version.DatastoreName} {version.Name}.");

    public ParameterRule? Find(string name) => rules.GetValueOrDefault(name);

    /// <summary>Checks values of a request.</summary>
    /// <exception cref="FaultException">One does not fit.</exception>
    public void Check(DatastoreVersion version, JsonField values)
    {
        var twice = values.Members()
            .GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw FaultException.BadRequest(
                $"The configuration parameter {twice.Key} is given twice: {string.Join(", ", twice.Select(member => member.Name))}.");
        }

        foreach (var (name, value) in values.Members())
        {
            var rule = Find(name) ?? throw FaultException.Unprocessable(
                $"The configuration parameter {name} is not supported for this datastore: {version.DatastoreName} {version.Name}.");
            Check(rule, value);
        }
    }

    private static void Check(ParameterRule rule, JsonField value)
    {
        var kind = value.Element.ValueKind;
        var isOfType = rule.Type switch
        {
            "integer" =>
                kind == JsonValueKind.Number
                && Int128.TryParse(value.Element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "float" => kind == JsonValueKind.Number,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => kind == JsonValueKind.String && value.Text(1000) is var text && !text.Any(char.IsControl),
        };
        if (!isOfType)
        {
            throw FaultException.Unprocessable(
                $"The value provided for the configuration parameter {rule.Name} is not of type {rule.Type}.");
        }

        if (rule.Choices is { } choices && !choices.Contains(value.Text(), StringComparer.OrdinalIgnoreCase))
        {
            throw FaultException.Unprocessable(
                $"The value for the configuration parameter {rule.Name} is none of: {string.Join(", ", choices)}.");
        }

        if (kind == JsonValueKind.Number)
        {
            CheckLimits(rule, value.Element.GetRawText());
        }
    }

    private static void CheckLimits(ParameterRule rule, string text)
    {
        if (rule.Min is { } min && Less(text, min))
        {
            throw FaultException.Unprocessable(
                $"The value for the configuration parameter {rule.Name} is less than the minimum allowed: {min}");
        }

        if (rule.Max is { } max && Less(max, text))
        {
            throw FaultException.Unprocessable(
                $"The value for the configuration parameter {rule.Name} is greater than the maximum allowed: {max}");
        }
    }

    // Whole numbers exactly: the largest limits differ from their neighbours only beyond a double's precision.
    private static bool Less(string left, string right) =>
        Int128.TryParse(left, CultureInfo.InvariantCulture, out var a) && Int128.TryParse(right, CultureInfo.InvariantCulture, out var b)
            ? a < b
            : double.Parse(left, CultureInfo.InvariantCulture) < double.Parse(right, CultureInfo.InvariantCulture);

    private static ParameterRules? Load(string datastore)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{datastore}.json");
        return stream is null ? null : new(JsonSerializer.Deserialize<List<ParameterRule>>(stream, JsonSerializerOptions.Web)!);
    }
}
