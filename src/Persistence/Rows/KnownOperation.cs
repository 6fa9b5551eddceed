namespace Dbaas.Persistence.Rows;

/// <summary>What a build can work on.</summary>
public sealed record KnownOperation
{
    /// <summary>A kind of operations.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The version of its workflow; 0: it has not begun.</summary>
    public int Version { get; init; }
}
