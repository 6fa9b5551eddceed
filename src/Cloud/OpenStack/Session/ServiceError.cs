using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>What a service says about a failure, without what may be secret in it.</summary>
/// <param name="Type">Neutron's name for it; else empty.</param>
/// <param name="Text">Its sentence; empty when it says nothing that can be read.</param>
internal sealed partial record ServiceError(string Type, string Text)
{
    private const int Longest = 300;

    /// <summary>
    /// Each service has a form of its own: {"badRequest": {"message"}}, {"NeutronError": {"type", "message"}}, {"error": {"message"}}.
    /// </summary>
    public static ServiceError Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var one in document.RootElement.EnumerateObject())
                {
                    if (one.Value.ValueKind == JsonValueKind.String && one.NameEquals("message"))
                    {
                        return new ServiceError("", Clean(one.Value.GetString()!));
                    }

                    if (one.Value.ValueKind == JsonValueKind.Object && StringIn(one.Value, "message") is { } message)
                    {
                        return new ServiceError(StringIn(one.Value, "type") ?? "", Clean(message));
                    }
                }
            }
        }
        catch (JsonException)
        {
            // Glance and what stands before a service answer in HTML, which says no more than the status.
        }

        return new ServiceError("", "");
    }

    /// <summary>
    /// A validation that failed repeats the value that it got, which may be a guest's document; tokens and encoded documents are long
    /// words.
    /// </summary>
    public static string Clean(string text)
    {
        var start = text.IndexOf("Value:", StringComparison.OrdinalIgnoreCase);
        var plain = LongWord().Replace(Blanks().Replace(start < 0 ? text : text[..start], " "), "…").Trim();
        return plain.Length > Longest ? plain[..Longest] + "…" : plain;
    }

    private static string? StringIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("[A-Za-z0-9+/=_-]{64,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongWord();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
