namespace Dbaas.Domain.Backups;

/// <summary>A backup: the row that its operations and rules meet on. It outlives its instance. Times are Unix milliseconds.</summary>
public sealed record Backup
{
    /// <summary>Chosen by the API.</summary>
    public string Id { get; init; } = "";

    /// <summary>The project that owns it.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string Name { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string? Description { get; init; }

    /// <summary>What it was taken of; may be gone by now. Empty: another service took it.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The slave of that instance whose server wrote it; null: the instance's own did, or it is not chosen yet.</summary>
    public string? TakenOn { get; init; }

    /// <summary>What that ran.</summary>
    public string DatastoreVersionId { get; init; } = "";

    /// <summary>The backup that it follows on; null: it is complete by itself.</summary>
    public string? ParentId { get; init; }

    /// <summary>How many backups follow on this one. A fact of this row, so that rules about it can be guarded here.</summary>
    public int ChildCount { get; init; }

    /// <summary>The schedule that it was taken by; null: somebody asked for it. The schedule may be gone by now.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>How it stands.</summary>
    public BackupState State { get; init; }

    /// <summary>Where its objects are, below the store's own place: not to be guessed.</summary>
    public string Place { get; init; } = "";

    /// <summary>The address at which another service stored it, where it stays and is only read; null: it is this service's.</summary>
    public string? Location { get; init; }

    /// <summary>Size of what is stored, in bytes; null until it is complete.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>Size of the data on the volume, in bytes; null until it is complete.</summary>
    public long? DatasetBytes { get; init; }

    /// <summary>The objects, as the guest protocol says it, as JSON; null until it is complete.</summary>
    public string? Objects { get; init; }

    /// <summary>The datastore's description, as the guest protocol says it, as JSON; null until it is complete.</summary>
    public string? Document { get; init; }

    /// <summary>Who can open it: public keys, separated by blanks; empty until they were chosen.</summary>
    public string Recipients { get; init; } = "";

    /// <summary>Sealed for the project's own key alone: the service cannot open it.</summary>
    public bool OwnKey { get; init; }

    /// <summary>The private key of the chain; never shown. Null until it was made, and for good with an own key.</summary>
    public string? Identity { get; init; }

    /// <summary>
    /// It holds nothing that was committed later than this, by the guest's clock, in Unix microseconds; null: not known.
    /// </summary>
    public long? Ended { get; init; }

    /// <summary>Root had been enabled in the instance.</summary>
    public bool RootEnabled { get; init; }

    /// <summary>What is under way of its verification.</summary>
    public VerificationState Verification { get; init; }

    /// <summary>The hidden instance that it is restored on to be verified; null: it is not being verified.</summary>
    public string? VerifierId { get; init; }

    /// <summary>How often its verification was begun and could not be done, since it was asked for.</summary>
    public int VerifyTries { get; init; }

    /// <summary>Why its verification could not be done the last time; null: nothing was in its way.</summary>
    public string? VerifyFault { get; init; }

    /// <summary>When it was verified last, however that ended, in Unix milliseconds; null: never.</summary>
    public long? VerifiedAt { get; init; }

    /// <summary>What was wrong with its data when it was verified last; null: nothing was, or it never was verified.</summary>
    public string? VerifiedFault { get; init; }

    /// <summary>How many tables were found in it; null: it was not read to its end.</summary>
    public int? VerifiedTables { get; init; }

    /// <summary>How many rows.</summary>
    public long? VerifiedRows { get; init; }

    /// <summary>Of all that was found.</summary>
    public string? VerifiedChecksum { get; init; }

    /// <summary>What went wrong last; null when nothing did.</summary>
    public string? FaultMessage { get; init; }

    /// <summary>When it was asked for.</summary>
    public long Created { get; init; }

    /// <summary>When it last changed in a way that a user sees.</summary>
    public long Updated { get; init; }

    /// <summary>The operation that has this backup for its own.</summary>
    public string? LockOwner { get; init; }

    /// <summary>How many operations share this backup, and keep others from owning it.</summary>
    public int LockShared { get; init; }

    /// <summary>Raised by every write.</summary>
    public long Version { get; init; }

    /// <summary>It is gone; the row is its tombstone.</summary>
    public bool Deleted { get; init; }

    /// <summary>
    /// One that follows on this one is sealed as it: that is only as the project wants it while its key is the same.
    /// </summary>
    /// <param name="ownKey">The project's own key now; null: it has none.</param>
    public bool IsSealedFor(string? ownKey) => (OwnKey ? Recipients : null) == ownKey;
}

/// <summary>How a backup stands, in Trove's words.</summary>
public enum BackupState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Asked for.</summary>
    New,

    /// <summary>Being prepared.</summary>
    Building,

    /// <summary>Its data is being written.</summary>
    Saving,

    /// <summary>It can be restored.</summary>
    Completed,

    /// <summary>It cannot be restored; it can be deleted.</summary>
    Failed,

    /// <summary>It could not be deleted whole; that can be asked for again.</summary>
    DeleteFailed,
}

/// <summary>What is under way of a backup's verification.</summary>
public enum VerificationState
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>It is to be verified, once it is complete and its turn comes.</summary>
    Waiting,

    /// <summary>It is being verified.</summary>
    Running,
}
