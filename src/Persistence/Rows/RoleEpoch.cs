namespace Dbaas.Persistence.Rows;

/// <summary>How many roles an instance has had, and whether it may get another one by itself.</summary>
public sealed record RoleEpoch
{
    /// <summary>Which instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The number of its role.</summary>
    public long Epoch { get; init; }

    /// <summary>Its set fails over by itself.</summary>
    public bool FailsOver { get; init; }
}
