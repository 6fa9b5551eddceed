namespace Dbaas.TroveCli.Http;

/// <summary>Which part of a collection: with a limit one page, otherwise everything after the marker.</summary>
internal sealed record Page(int? Limit, string? Marker)
{
    public static Page All { get; } = new(null, null);

    public string Query()
    {
        var parts = new List<string>(2);
        if (Limit is { } limit)
        {
            parts.Add($"limit={limit}");
        }

        if (Marker is { } marker)
        {
            parts.Add($"marker={Uri.EscapeDataString(marker)}");
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
