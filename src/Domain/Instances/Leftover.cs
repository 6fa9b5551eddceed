namespace Dbaas.Domain.Instances;

/// <summary>Something on the compute plane that carries our mark and belongs to no instance.</summary>
public sealed record Leftover
{
    /// <summary><c>server</c>, <c>port</c> or <c>volume</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Its key: the id of the instance that it was made for.</summary>
    public string Subject { get; init; } = "";

    /// <summary>When it was first seen so, in Unix milliseconds.</summary>
    public long FirstSeen { get; init; }

    /// <summary>When it was last seen so.</summary>
    public long LastSeen { get; init; }

    /// <summary>What is to be done with it.</summary>
    public LeftoverRemoval Removal { get; init; }
}

/// <summary>What is to be done with a leftover.</summary>
public enum LeftoverRemoval
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It is only reported: an administrator decides.</summary>
    AwaitsDecision,

    /// <summary>An administrator has decided: it is removed at the next turn.</summary>
    Wanted,
}
