namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>Pages of a list in order.</summary>
internal static class Paging
{
    /// <summary>What comes after the marker, at most so many, and the marker for the next page (null on the last).</summary>
    public static (IReadOnlyList<T> Page, string? NextMarker) Take<T>(
        IEnumerable<T> all, int limit, Func<T, bool> isAfterMarker, Func<T, string> markerOf)
    {
        var rest = all.Where(isAfterMarker).Take(limit + 1).ToList();
        var page = rest.Take(limit).ToList();
        return (page, rest.Count > limit && page.Count > 0 ? markerOf(page[^1]) : null);
    }
}
