namespace Dbaas.Domain.Nodes;

/// <summary>A running program of the control plane, as the others see it.</summary>
public sealed record Node
{
    /// <summary>How often a node says that it is there.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(10);

    /// <summary>A node that was not heard of for so long is taken for dead: two beats may get lost.</summary>
    public static readonly TimeSpan DeadAfter = BeatEvery * 3;

    /// <summary>Which program: one of <see cref="Programs"/>.</summary>
    public string Program { get; init; } = "";

    /// <summary>The node's name; no two nodes of a program have the same.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where clients reach it; null: they do not.</summary>
    public string? Address { get; init; }

    /// <summary>Where guests reach it; null: they do not.</summary>
    public string? Gateway { get; init; }

    /// <summary>The program's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Since when it runs, in Unix milliseconds of the database's clock.</summary>
    public long Started { get; init; }

    /// <summary>When it was last heard of, in Unix milliseconds of the database's clock.</summary>
    public long LastSeen { get; init; }
}
