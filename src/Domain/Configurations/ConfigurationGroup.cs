namespace Dbaas.Domain.Configurations;

/// <summary>A named set of engine parameters. Times are Unix milliseconds.</summary>
public sealed record ConfigurationGroup
{
    /// <summary>Id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The project that owns it.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string Name { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string? Description { get; init; }

    /// <summary>The datastore version that its parameters are of.</summary>
    public string DatastoreVersionId { get; init; } = "";

    /// <summary>A JSON object: parameter to value, in JSON's own types.</summary>
    public string ValuesJson { get; init; } = "{}";

    /// <summary>Raised by every change of the values.</summary>
    public long ValuesVersion { get; init; }

    /// <summary>Raised by every write.</summary>
    public long Version { get; init; }

    /// <summary>How many instances use it: a fact of this row, so that a delete can be guarded here.</summary>
    public int InstanceCount { get; init; }

    /// <summary>When it was made.</summary>
    public long Created { get; init; }

    /// <summary>When it last changed.</summary>
    public long Updated { get; init; }
}
