namespace Dbaas.Domain.Instances;

/// <summary>
/// What was last seen of an instance's server on the compute plane. Kept by operations and upkeep, so that no request waits for a cloud.
/// </summary>
public sealed record ServerFacts
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The plane's id of the server.</summary>
    public string ServerId { get; init; } = "";

    /// <summary>The host that it runs on; null when the plane does not say.</summary>
    public string? Host { get; init; }

    /// <summary>What it does, in the plane port's words (<c>Active</c>, <c>Stopped</c>, …).</summary>
    public string State { get; init; } = "";

    /// <summary>Why, when it is in error.</summary>
    public string? Detail { get; init; }

    /// <summary>How many root disks it has had.</summary>
    public int Build { get; init; } = 1;

    /// <summary>When this was seen, in Unix milliseconds.</summary>
    public long Seen { get; init; }

    /// <summary>Since when the plane has said that there is no such server; null: it has not.</summary>
    public long? MissingSince { get; init; }
}
