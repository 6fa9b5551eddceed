namespace Dbaas.Domain.Instances;

/// <summary>A managed database server: the row that all of its operations and rules meet on. Times are Unix milliseconds.</summary>
public sealed record Instance
{
    /// <summary>Chosen by the API; also the key of its server, volume and port.</summary>
    public string Id { get; init; } = "";

    /// <summary>The project that owns it.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was asked for.</summary>
    public long Created { get; init; }

    /// <summary>When it last changed in a way that a user sees.</summary>
    public long Updated { get; init; }

    /// <summary>The datastore version that it runs.</summary>
    public string DatastoreVersionId { get; init; } = "";

    /// <summary>Its size of server.</summary>
    public string FlavorId { get; init; } = "";

    /// <summary>Its flavor's memory, as its quota was charged.</summary>
    public int MemoryMb { get; init; }

    /// <summary>Volume size in GB.</summary>
    public int VolumeSize { get; init; }

    /// <summary>The kind of volume asked for; null: the plane's default.</summary>
    public string? VolumeType { get; init; }

    /// <summary>The plane's id of its volume; null: there is none yet.</summary>
    public string? VolumeId { get; init; }

    /// <summary>It is to be reached from outside of the cloud.</summary>
    public bool IsPublic { get; init; }

    /// <summary>From where it may be reached: CIDRs, separated by blanks; empty: from everywhere.</summary>
    public string AllowedCidrs { get; init; } = "";

    /// <summary>How the servers of its set are placed, in Trove's words (<c>affinity</c>, <c>anti-affinity</c>); null: no rule.</summary>
    public string? Locality { get; init; }

    /// <summary>Its configuration group.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>Raised whenever its database is to get other values than before: another group, or others in its group.</summary>
    public long ConfigurationVersion { get; init; }

    /// <summary>Its database was not seen to yet with the present version.</summary>
    public bool ConfigurationDue { get; init; }

    /// <summary>The zone asked for.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>The network interface asked for, as JSON.</summary>
    public string? Nics { get; init; }

    /// <summary>The master that it follows or is going to follow.</summary>
    public string? SlaveOfId { get; init; }

    /// <summary>How many instances name this one as their master. A fact of this row, so that rules about it can be guarded here.</summary>
    public int SlaveCount { get; init; }

    /// <summary>Where it stands in its life, apart from what an operation is doing to it.</summary>
    public Lifecycle Lifecycle { get; init; }

    /// <summary>Its address; null until it has a port.</summary>
    public string? Address { get; init; }

    /// <summary>All addresses that users are shown, as JSON: a list of <see cref="InstanceAddress"/>; null until it has a port.</summary>
    public string? Addresses { get; init; }

    /// <summary>The database's port.</summary>
    public int Port { get; init; }

    /// <summary>The server id of its data directory: from a sequence, never reused.</summary>
    public long ServerNumber { get; init; }

    /// <summary>When the binary log is written.</summary>
    public BinaryLogChoice BinaryLog { get; init; }

    /// <summary>
    /// When the master without slaves is to be demoted; null: not at all. Set when a slave's creation failed, so that a retry finds the log
    /// on.
    /// </summary>
    public long? DemoteAt { get; init; }

    /// <summary>It cannot be deleted as long as this is so.</summary>
    public bool DeletionProtection { get; init; }

    /// <summary>A user has enabled root at some time.</summary>
    public bool RootEnabled { get; init; }

    /// <summary>What went wrong last, for the user; null when nothing did, or when it was overcome.</summary>
    public string? FaultMessage { get; init; }

    /// <summary>When it went wrong.</summary>
    public long? FaultAt { get; init; }

    /// <summary>More about it, for administrators.</summary>
    public string? FaultDetails { get; init; }

    /// <summary>What of flavor and volume the plane does not enforce, in words; empty: all is enforced.</summary>
    public string NotEnforced { get; init; } = "";

    /// <summary>The operation that has this instance for its own.</summary>
    public string? LockOwner { get; init; }

    /// <summary>How many operations share this instance, and keep others from owning it.</summary>
    public int LockShared { get; init; }

    /// <summary>The backup of it that is under way; null: none is. It keeps nobody from owning the instance.</summary>
    public string? RunningBackup { get; init; }

    /// <summary>Its log is to be archived, so that it can be restored to any moment.</summary>
    public bool PointInTime { get; init; }

    /// <summary>The archived log that is being written of it; null: none is. It keeps nobody from owning the instance.</summary>
    public string? RunningLog { get; init; }

    /// <summary>
    /// When the last transaction was committed that its data was made with, in Unix microseconds; null: it was not restored to a moment, or
    /// from a backup alone.
    /// </summary>
    public long? RestoredUntil { get; init; }

    /// <summary>
    /// All transactions that its data was made with, as the datastore writes them; null: it was not restored to a moment.
    /// </summary>
    public string? RestoredPosition { get; init; }

    /// <summary>Raised by every operation that takes the instance for its own.</summary>
    public long FenceCounter { get; init; }

    /// <summary>
    /// Counts the roles that it has had, from 1: raised by whatever makes it a slave, a master in another's place, or independent. Its
    /// agent hears of it and keeps the highest, so that nobody acts for a role that is over.
    /// </summary>
    public long RoleEpoch { get; init; }

    /// <summary>Raised by every write.</summary>
    public long Version { get; init; }

    /// <summary>It is gone; the row is its tombstone.</summary>
    public bool Deleted { get; init; }

    /// <summary>When it went.</summary>
    public long? DeletedAt { get; init; }
}

/// <summary>Where an instance stands in its life.</summary>
public enum Lifecycle
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Being created.</summary>
    Building,

    /// <summary>Created.</summary>
    Ready,

    /// <summary>Its creation or deletion failed; it can be deleted.</summary>
    Failed,

    /// <summary>It was created, and has no server that works any more; its volume is kept. It can be rebuilt, or deleted.</summary>
    Broken,
}

/// <summary>When the binary log is written.</summary>
public enum BinaryLogChoice
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>From the first slave until the last one is gone.</summary>
    WhenReplicating,

    /// <summary>Always.</summary>
    Always,
}
