using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Sets;

namespace Dbaas.TroveApi.Instances;

/// <summary>All that is shown of an instance.</summary>
internal sealed record InstanceFacts
{
    public required Instance Instance { get; init; }

    public required DatastoreVersion Version { get; init; }

    /// <summary>The operation that owns it, or is going to take it over.</summary>
    public Operation? Operation { get; init; }

    public GuestState? Guest { get; init; }

    /// <summary>Its agent: loaded for one instance that an administrator asks for.</summary>
    public AgentFacts? Agent { get; init; }

    /// <summary>Its server: loaded for administrators; null: there is none.</summary>
    public ServerFacts? Server { get; init; }

    public IReadOnlyList<string> SlaveIds { get; init; } = [];

    /// <summary>What is decided for its replica set: loaded for one that is shown; null: it is alone.</summary>
    public ReplicaSet? Set { get; init; }

    /// <summary>The name of its configuration group: loaded for one that is shown.</summary>
    public string? ConfigurationName { get; init; }

    /// <summary>To which moments it can be restored: loaded for one that is shown.</summary>
    public IReadOnlyList<RestorableTime> Restorable { get; init; } = [];

    /// <summary>The schedules that back it up: loaded for one that is shown.</summary>
    public IReadOnlyList<BackupSchedule> Schedules { get; init; } = [];

    public required PublicStatus Status { get; init; }

    /// <summary>Its database answers, as far as is known.</summary>
    public required bool IsHealthy { get; init; }
}
