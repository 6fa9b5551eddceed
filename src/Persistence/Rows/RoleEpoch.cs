namespace Dbaas.Persistence.Rows;

/// <summary>How many roles an instance has had.</summary>
public sealed record RoleEpoch
{
    /// <summary>Which instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The number of its role.</summary>
    public long Epoch { get; init; }
}
