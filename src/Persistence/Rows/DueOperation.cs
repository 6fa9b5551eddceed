namespace Dbaas.Persistence.Rows;

/// <summary>An operation that somebody should work on.</summary>
public sealed record DueOperation
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>In how many milliseconds; not more than 0: now.</summary>
    public long DueIn { get; init; }
}
