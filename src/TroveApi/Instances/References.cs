using System.Text.Json;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Things that bodies name: by an id, by an address that ends with it, or by an object that has it.</summary>
internal static class References
{
    private const int Longest = 1000;

    /// <summary>The id. The reference design's requests write one, its answers an object with one.</summary>
    public static string Of(JsonField field) =>
        LastPart(field.Element.ValueKind == JsonValueKind.Object ? field["id"].Text(Longest) : field.Text(Longest));

    /// <summary>The id of a flavor, which may be a number.</summary>
    public static string Flavor(JsonField field) =>
        LastPart(field.Element.ValueKind == JsonValueKind.Number ? field.Element.GetRawText() : field.Text(Longest));

    private static string LastPart(string reference) => reference[(reference.LastIndexOf('/') + 1)..];
}
