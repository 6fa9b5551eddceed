namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// To an instance: back the database up while it serves, into an object set. A job: it takes no turn, and whatever stops the server ends
/// it. Result: <see cref="BackupMade"/>. Every run writes objects of its own: what an earlier one left is never read.
/// </summary>
public sealed record CreateBackup : GuestCommand
{
    /// <summary>The backup.</summary>
    public required string BackupId { get; init; }

    /// <summary>
    /// The datastore's own description of the backup that this one is to follow on; null: it is complete by itself.
    /// </summary>
    public OpaqueDocument? Parent { get; init; }

    /// <summary>Who can open it: public keys of <c>age</c>, at least one.</summary>
    public required IReadOnlyList<string> Recipients { get; init => field = value ?? []; }

    /// <summary>Size of the objects in bytes (the last one may be smaller).</summary>
    public required int PartBytes { get; init; }

    /// <summary>
    /// To a slave: wait until you have applied everything up to this position of your master; null: it is no slave. Since protocol
    /// version 5.
    /// </summary>
    public OpaqueDocument? Behind { get; init; }

    /// <summary>
    /// The database is read no faster than this, in bytes a second; null: as fast as it can be. An older agent does not heed it.
    /// </summary>
    public long? BytesPerSecond { get; init; }
}

/// <summary>The result of <see cref="CreateBackup"/>.</summary>
/// <param name="Document">
/// The datastore's own description: what a restore or a following backup needs to know. Opaque above the agent.
/// </param>
/// <param name="DatasetBytes">Size of the data on the volume.</param>
/// <param name="Objects">What was written.</param>
/// <param name="Ended">Nothing later is in it, by the guest's clock. Since protocol version 4.</param>
public sealed record BackupMade(OpaqueDocument Document, long DatasetBytes, ObjectList Objects, DateTimeOffset? Ended = null);

/// <summary>The objects of one run, in order.</summary>
/// <param name="Run">The run that wrote them: the first part of their names.</param>
/// <param name="Parts">How many; the list of them is an object of its own, see <see cref="Channel.ObjectNames"/>.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="ListSha256">Of the list, in lower case hexadecimal digits; empty where there is no list.</param>
/// <param name="Foreign">
/// There is no list: this is one object that another service wrote, cut into parts here. Null: an agent wrote it. Since protocol version 5.
/// </param>
public sealed record ObjectList(string Run, int Parts, long Bytes, string ListSha256, ForeignObject? Foreign = null);

/// <summary>An object that another service wrote, as it is: packed by <c>gzip</c>, and not encrypted.</summary>
/// <param name="PartBytes">Size in bytes of the parts that it is read in (the last one may be smaller).</param>
/// <param name="Segments">What it is made of, in order. Their hashes are all that is known of its content.</param>
public sealed record ForeignObject(int PartBytes, IReadOnlyList<ForeignSegment> Segments)
{
    /// <summary>
    /// The kind of the document of a backup that a Trove took: a JSON object of the strings that Trove wrote beside the data, by its own
    /// names for them.
    /// </summary>
    public const string DocumentOfTrove = "trove.backup";
}

/// <summary>A piece of an object of another service.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Md5">Its hash, in lower case hexadecimal digits.</param>
public sealed record ForeignSegment(long Bytes, string Md5);

/// <summary>
/// To an instance that was prepared with <see cref="DataOrigin.Restored"/>: fill it from backups. A job. Nothing to do when there is data.
/// Every object is compared with its hash before it is used, and the data gets its name only when it is whole.
/// </summary>
public sealed record RestoreBackup : GuestCommand
{
    /// <summary>A backup that is complete by itself, and those that follow on it, in order.</summary>
    public required IReadOnlyList<BackupLink> Chain { get; init => field = value ?? []; }

    /// <summary>What opens them: private keys of <c>age</c>, one in each line. Kept in memory only.</summary>
    public required string Identity { get; init; }

    /// <inheritdoc />
    public override string? WhyNotBy(int protocol) => protocol < 5 && Chain.Any(link => link.Objects.Foreign is not null)
        ? "The agent cannot read what another service wrote: bring it up to date."
        : base.WhyNotBy(protocol);

    /// <summary>Never the key.</summary>
    public override string ToString() => $"{nameof(RestoreBackup)} of {Chain.Count}";
}

/// <summary>One backup of a chain.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Document">As in <see cref="BackupMade"/>.</param>
/// <param name="Objects">As in <see cref="BackupMade"/>.</param>
public sealed record BackupLink(string BackupId, OpaqueDocument Document, ObjectList Objects);

/// <summary>Ends the job that a command began, whose answer then says so. Nothing to do when it is over.</summary>
/// <param name="CommandId">The command that began it.</param>
/// <param name="Because">A sentence for the user: why.</param>
public sealed record CancelJob(string CommandId, string Because) : GuestCommand;
