namespace Dbaas.Domain.Sets;

/// <summary>
/// What is decided for a master and its slaves together, and outlives every master. Its members are its master, and the instances that
/// follow that one. A set for which nothing was decided has no row.
/// </summary>
public sealed record ReplicaSet
{
    /// <summary>Its own id: that of no instance.</summary>
    public string Id { get; init; } = "";

    /// <summary>Who is the master at this time.</summary>
    public string MasterId { get; init; } = "";

    /// <summary>What becomes of it when its master does not answer any more.</summary>
    public FailoverPolicy Failover { get; init; }

    /// <summary>When it last failed over by itself, in Unix milliseconds by the database's clock; null: never.</summary>
    public long? FailedOverAt { get; init; }

    /// <summary>Why it does not fail over now although its master seems dead: a sentence; null: nothing seems so.</summary>
    public string? Held { get; init; }

    /// <summary>Rises with every change of its row.</summary>
    public long Version { get; init; }
}
