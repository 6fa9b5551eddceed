namespace Dbaas.TroveCli.Http;

/// <summary>Which part of a collection: with a limit one page, otherwise everything after the marker.</summary>
internal sealed record Page(int? Limit, string? Marker)
{
    public static Page All { get; } = new(null, null);

    /// <summary>Which of the collection, as a part of the query; null: all.</summary>
    public string? Filter { get; init; }

    public string Query()
    {
        var parts = new List<string>(3);
        if (Filter is { } filter)
        {
            parts.Add(filter);
        }

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
