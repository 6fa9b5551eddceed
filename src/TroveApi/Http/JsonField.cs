using System.Globalization;
using System.Text.Json;

namespace Dbaas.TroveApi.Http;

/// <summary>A value in a request body that knows its place, so that complaints about it do.</summary>
internal readonly struct JsonField(JsonElement element, string path)
{
    public JsonElement Element => element;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public bool IsEmpty => element.ValueKind == JsonValueKind.Object && !element.EnumerateObject().Any();

    public bool IsEmptyText => element.ValueKind == JsonValueKind.String && element.ValueEquals("");

    public JsonField this[string name] => Find(name) ?? throw Bad($"'{name}' is a required property");

    /// <summary>The member, null included; null when it is absent.</summary>
    public JsonField? Find(string name)
    {
        var self = Object();
        return self.Element.TryGetProperty(name, out var value) ? new JsonField(value, self.Child(name)) : null;
    }

    /// <summary>The member; null when it is absent or JSON's null.</summary>
    public JsonField? FindValue(string name) => Find(name) is { IsNull: false } field ? field : null;

    public JsonField Object() => element.ValueKind == JsonValueKind.Object ? this : throw Bad("is not of type 'object'");

    public IReadOnlyList<JsonField> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Bad("is not of type 'array'");
        }

        var place = path;
        return element.EnumerateArray().Select((item, index) => new JsonField(item, $"{place}[{index}]")).ToList();
    }

    public IEnumerable<(string Name, JsonField Value)> Members()
    {
        var self = Object();
        return self.Element.EnumerateObject().Select(member => (member.Name, new JsonField(member.Value, self.Child(member.Name))));
    }

    public string Text(int maxLength = int.MaxValue)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw Bad("is not of type 'string'");
        }

        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            throw Bad("is not valid Unicode");
        }

        return text.EnumerateRunes().Take(maxLength == int.MaxValue ? maxLength : maxLength + 1).Count() <= maxLength
            ? text
            : throw Bad($"is longer than {maxLength} characters");
    }

    /// <summary>A text for people or clouds: one line, without what cannot be seen or printed.</summary>
    public string Line(int maxLength)
    {
        var text = Text(maxLength);
        return text.Any(char.IsControl) ? throw Bad("has a control character") : text;
    }

    /// <summary>True or false.</summary>
    public bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad("is not of type 'boolean'"),
    };

    /// <summary>A whole number, written as a number or, as Trove allows, in a string.</summary>
    public int Number(int min, int max)
    {
        var isRead = element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetInt32(out _),
            JsonValueKind.String => int.TryParse(Text(40), NumberStyles.None, CultureInfo.InvariantCulture, out _),
            _ => false,
        };
        if (!isRead)
        {
            throw Bad("is not an integer that can be used here");
        }

        var value = element.ValueKind == JsonValueKind.Number
            ? element.GetInt32()
            : int.Parse(Text(40), NumberStyles.None, CultureInfo.InvariantCulture);
        return value < min ? throw Bad($"{value} is less than the minimum of {min}")
            : value > max ? throw Bad($"{value} is greater than the maximum of {max}")
            : value;
    }

    /// <summary>A number that need not be a whole one.</summary>
    public double Real(double above, double max)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out var value))
        {
            throw Bad("is not of type 'number'");
        }

        return value > above && value <= max ? value : throw Bad($"{element.GetRawText()} is not above {above} and at most {max}");
    }

    /// <summary>Refuses members that are not known: what would change the result is never dropped.</summary>
    public JsonField Only(params ReadOnlySpan<string> known)
    {
        var names = known.ToArray();
        foreach (var (name, field) in Members())
        {
            if (!names.Contains(name))
            {
                throw field.Bad("is not known here");
            }
        }

        return this;
    }

    public FaultException Bad(string complaint) =>
        FaultException.BadRequest($"Validation error: {(path.Length == 0 ? "the body" : path)} {complaint}");

    private string Child(string name) => path.Length == 0 ? name : $"{path}['{name}']";
}
