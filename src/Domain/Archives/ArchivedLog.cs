namespace Dbaas.Domain.Archives;

/// <summary>
/// What one run of an archive has written of an instance's log: the row that its operations and rules meet on. It outlives its instance.
/// Moments of transactions are Unix microseconds by the guest's clock, all else Unix milliseconds by ours.
/// </summary>
public sealed record ArchivedLog
{
    /// <summary>Chosen by who begins it; rises with time.</summary>
    public string Id { get; init; } = "";

    /// <summary>The project that owns it.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>Whose log it is; may be gone by now.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>What it goes on from; null: it is the first.</summary>
    public string? PreviousId { get; init; }

    /// <summary>How it stands.</summary>
    public ArchivedLogState State { get; init; }

    /// <summary>Where its objects are, below the store's own place: not to be guessed.</summary>
    public string Place { get; init; } = "";

    /// <summary>Who writes it, or wrote it: the first part of its objects' names; null: nobody has begun.</summary>
    public string? Run { get; init; }

    /// <summary>How many parts count.</summary>
    public int Parts { get; init; }

    /// <summary>Their sizes together.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The datastore's description of where it begins, as the guest protocol says it, as JSON; null until it has begun.</summary>
    public string? FromPlace { get; init; }

    /// <summary>Of the last place between two transactions that it has come to; null until it has begun.</summary>
    public string? ReachedPlace { get; init; }

    /// <summary>All transactions before that place, as the datastore writes them.</summary>
    public string? Position { get; init; }

    /// <summary>When the last one before that place was committed; null: not known.</summary>
    public long? Committed { get; init; }

    /// <summary>All that was committed until then is in it, or before it; null: not known.</summary>
    public long? WholeUntil { get; init; }

    /// <summary>Why it does not go on where the one before ended; null: it does.</summary>
    public string? Gap { get; init; }

    /// <summary>It holds all that was logged after this moment; null until it has begun.</summary>
    public long? Begun { get; init; }

    /// <summary>When it ended; null: it is being written.</summary>
    public long? Ended { get; init; }

    /// <summary>What ended it before its time; null: nothing did.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>Who can open it: public keys, separated by blanks; empty until they were chosen.</summary>
    public string Recipients { get; init; } = "";

    /// <summary>Sealed for the project's own key alone: the service cannot open it.</summary>
    public bool OwnKey { get; init; }

    /// <summary>The private key; never shown. Null until it was made, and for good with an own key.</summary>
    public string? Identity { get; init; }

    /// <summary>When it was begun.</summary>
    public long Created { get; init; }

    /// <summary>The operation that has this log for its own.</summary>
    public string? LockOwner { get; init; }

    /// <summary>How many operations share this log, and keep others from owning it.</summary>
    public int LockShared { get; init; }

    /// <summary>Raised by every write.</summary>
    public long Version { get; init; }

    /// <summary>It is gone; the row is its tombstone.</summary>
    public bool Deleted { get; init; }

    /// <summary>It goes on where the one before it ended.</summary>
    public bool GoesOnFrom(ArchivedLog before) => PreviousId == before.Id && Gap is null;

    /// <summary>Up to where it is known to be whole; null: nowhere.</summary>
    public long? Until => (WholeUntil, Committed) switch
    {
        ({ } whole, { } committed) => Math.Max(whole, committed),
        var (whole, committed) => whole ?? committed,
    };
}

/// <summary>How an archived log stands.</summary>
public enum ArchivedLogState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It is being written.</summary>
    Open,

    /// <summary>It has its last part.</summary>
    Closed,
}
