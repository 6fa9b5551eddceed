using Dbaas.Domain.Instances;
using Dbaas.Domain.Quotas;

namespace Dbaas.TroveApi;

/// <summary>What an operator can choose about the API.</summary>
public sealed record TroveApiOptions
{
    /// <summary>The address in links, for example behind a proxy; null: as the client addressed us.</summary>
    public string? PublicEndpoint { get; init; }

    /// <summary>Where tokens come from, named in the answer to those who come without one.</summary>
    public string IdentityEndpoint { get; init; } = "";

    /// <summary>The region shown with instances.</summary>
    public string Region { get; init; } = "RegionOne";

    /// <summary>The plane knows its networks by UUIDs alone; false: by names that are its own.</summary>
    public bool NetworksAreUuids { get; init; }

    /// <summary>Items on a page, and the most that a client can ask for.</summary>
    public int PageSize { get; init; } = 20;

    /// <summary>The largest volume in GB.</summary>
    public int MaxVolumeSizeGb { get; init; } = 10;

    /// <summary>The limits that a project begins with; -1: none.</summary>
    public IReadOnlyDictionary<string, long> Quotas { get; init; } = new Dictionary<string, long>
    {
        [QuotaResources.Instances] = 10,
        [QuotaResources.Ram] = -1,
        [QuotaResources.Volumes] = 40,
        [QuotaResources.Backups] = 50,
    };

    /// <summary>Schedules of backups that a project may have.</summary>
    public int MaxBackupSchedules { get; init; } = 20;

    /// <summary>How long a request that brings other values waits for databases to have them.</summary>
    public TimeSpan ConfigurationPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The service can read where another one stored its backups.</summary>
    public bool ReadsForeignBackups { get; init; }

    /// <summary>Backups can be verified.</summary>
    public bool OffersVerification { get; init; } = true;

    /// <summary>Requests of each verb that a project may make in a minute; 0: no limit.</summary>
    public int RateLimitPerMinute { get; init; } = 200;

    /// <summary>A guest that was not heard of for so long counts as not working.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a user's request waits for the guest.</summary>
    public TimeSpan GuestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The datastore that is meant when none is named; null: one must be named.</summary>
    public string? DefaultDatastore { get; init; }

    /// <summary>When the binary log of new instances is written, unless the request says.</summary>
    public BinaryLogChoice BinaryLogDefault { get; init; } = BinaryLogChoice.WhenReplicating;
}
