namespace Dbaas.Domain.Notices;

/// <summary>
/// Something that other services are told, with the instance as it was then. It waits in the database until a broker has it. Times are
/// Unix milliseconds.
/// </summary>
public sealed record Notice
{
    /// <summary>Rises with time; the id of the line of history that says the same.</summary>
    public string Id { get; init; } = "";

    /// <summary>In Trove's words, for example <c>dbaas.instance_create.end</c>.</summary>
    public string Event { get; init; } = "";

    /// <summary>When it happened.</summary>
    public long At { get; init; }

    /// <summary>The instance that it is about.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The operation that tells of itself.</summary>
    public string? OperationId { get; init; }

    /// <summary>The request that asked for the operation; null: upkeep began it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where that request came from; null: upkeep began it.</summary>
    public string? ClientIp { get; init; }

    /// <summary>What the operation is to bring, as <see cref="NoticeWishes"/> writes it; null: nothing that others are told.</summary>
    public string? Wanted { get; init; }

    /// <summary>Why it failed, for users.</summary>
    public string? Detail { get; init; }

    /// <summary>The project that owns the instance.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The instance's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When the instance was asked for.</summary>
    public long Created { get; init; }

    /// <summary>What it runs.</summary>
    public string DatastoreVersionId { get; init; } = "";

    /// <summary>Its flavor.</summary>
    public string FlavorId { get; init; } = "";

    /// <summary>Its flavor's memory.</summary>
    public int MemoryMb { get; init; }

    /// <summary>Volume size in GB.</summary>
    public int VolumeSize { get; init; }

    /// <summary>The zone asked for.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>The master that it follows.</summary>
    public string? SlaveOfId { get; init; }

    /// <summary>Where it stood in its life.</summary>
    public string Lifecycle { get; init; } = "";
}
