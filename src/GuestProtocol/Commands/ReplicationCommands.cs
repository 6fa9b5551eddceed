using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol.Commands;

/// <summary>To a master: make yourself able to feed slaves, offer a snapshot, describe it. Result: <see cref="SnapshotOffer"/>.</summary>
/// <param name="SnapshotId">Chosen by the caller: the same id gives the same offer.</param>
/// <param name="SlaveId">The instance that will attach; its replication user is its own.</param>
/// <param name="SlaveAddress">The one address that is let in to fetch the data.</param>
/// <param name="OfferSeconds">How long the data can be fetched.</param>
public sealed record GetReplicationSnapshot(string SnapshotId, string SlaveId, string SlaveAddress, int OfferSeconds) : GuestCommand
{
    /// <summary>
    /// Backups of this master that the slave's data may come from, the newest first: it chooses one that its log goes on from, if that is
    /// the cheaper way, and then does not offer its data. The same id without the one that it chose: it is of no use. Since protocol
    /// version 5.
    /// </summary>
    public IReadOnlyList<BackupCandidate> Backups { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The slaves that were asked for together with this one: one copy of the data can be made for all of them. Null: there are no others.
    /// Since protocol version 5.
    /// </summary>
    public SlaveGroup? Group { get; init; }
}

/// <summary>Slaves that were asked for together.</summary>
/// <param name="Id">Of the request.</param>
/// <param name="Size">How many they are.</param>
public sealed record SlaveGroup(string Id, int Size);

/// <summary>A backup that a slave's data may come from.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Chain">The datastore's own descriptions: of the complete one that it follows on first, its own last.</param>
public sealed record BackupCandidate(string BackupId, IReadOnlyList<OpaqueDocument> Chain);

/// <summary>The result of <see cref="GetReplicationSnapshot"/>.</summary>
/// <param name="Snapshot">For the slave's agent; it holds credentials.</param>
/// <param name="DatasetBytes">Size of the data, to be checked against the slave's volume.</param>
/// <param name="BackupId">The backup that the data comes from; null: from the master. Since protocol version 5.</param>
public sealed record SnapshotOffer(OpaqueDocument Snapshot, long DatasetBytes, string? BackupId = null);

/// <summary>To a master: nobody will fetch this snapshot any more. Nothing to do when it is closed.</summary>
/// <param name="SnapshotId">As in <see cref="GetReplicationSnapshot"/>.</param>
public sealed record CloseReplicationSnapshot(string SnapshotId) : GuestCommand;

/// <summary>
/// To a slave: make the data from the snapshot, if you have none. A job: it gives its turn back, says how far it is, and starts over when
/// it was cut off.
/// </summary>
/// <param name="Snapshot">From the master.</param>
public sealed record LoadReplicationSnapshot(OpaqueDocument Snapshot) : GuestCommand
{
    /// <summary>The backup that the master chose, and those that it follows on, in order; empty: the data comes from the master.</summary>
    public IReadOnlyList<BackupLink> Chain { get; init => field = value ?? []; } = [];

    /// <summary>What opens them: a private key of <c>age</c>. Kept in memory only.</summary>
    public string? Identity { get; init; }

    /// <summary>Never the key.</summary>
    public override string ToString() => $"{nameof(LoadReplicationSnapshot)} of {Chain.Count}";
}

/// <summary>
/// To a slave: follow the master, read only. Ends when both threads run. One that has no data loads it first, within this command: so did
/// every agent before protocol version 5, and control planes of that time know no other way.
/// </summary>
/// <param name="Snapshot">From the master.</param>
public sealed record AttachReplicationSlave(OpaqueDocument Snapshot) : GuestCommand;

/// <summary>Why a slave is taken off.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DetachReason>))]
public enum DetachReason
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>A user asked: apply what was received, then become independent and writable.</summary>
    Requested,

    /// <summary>The slave is to be deleted: stop following; nothing else matters.</summary>
    Deleted,
}

/// <summary>To a slave: stop following. Nothing to do when it follows nobody.</summary>
/// <param name="Reason">Why.</param>
public sealed record DetachReplicationSlave(DetachReason Reason) : GuestCommand;

/// <summary>
/// To a master: drop that slave's user, end its connections and its offers, see that no dump thread is left. Nothing to do when it is gone.
/// </summary>
/// <param name="SlaveId">As in <see cref="GetReplicationSnapshot"/>.</param>
public sealed record ForgetReplicationSlave(string SlaveId) : GuestCommand;

/// <summary>To a master without slaves: back to the state before replication.</summary>
public sealed record DemoteReplicationMaster : GuestCommand;

/// <summary>Lets ordinary clients write, or not.</summary>
/// <param name="Writable">True: they may.</param>
public sealed record SetWritable(bool Writable) : GuestCommand;

/// <summary>Where are you? Reads only. Result: <see cref="PositionTold"/>.</summary>
public sealed record GetPosition : GuestCommand;

/// <summary>The result of <see cref="GetPosition"/> and <see cref="StopWrites"/>.</summary>
/// <param name="Position">The datastore's own description: only servers of its set understand it.</param>
public sealed record PositionTold(OpaqueDocument Position);

/// <summary>
/// To a master: ordinary clients, a user's root too, cannot write any more; kept over restarts. Open transactions get a grace; then the
/// sessions that still write, hold a lock on tables or have an open transaction are ended. Repeated, it makes sure of the same; its undo is
/// <see cref="SetWritable"/>. Result: <see cref="PositionTold"/>, behind which nothing comes. Since protocol version 7.
/// </summary>
/// <param name="GraceSeconds">How long open transactions may still be finished.</param>
public sealed record StopWrites(int GraceSeconds) : GuestCommand;

/// <summary>
/// To a slave: ends when everything up to a position of its set is applied. Reads only. A transient fault: not within the time. Since
/// protocol version 7.
/// </summary>
/// <param name="Position">As another server of the set told it.</param>
/// <param name="Seconds">How long to wait.</param>
public sealed record WaitForPosition(OpaqueDocument Position, int Seconds) : GuestCommand;

/// <summary>
/// To a slave whose master is not to be heard any more: receive nothing from now on, kept over restarts of server and agent, and apply what
/// was received. Ends when that is applied; a transient fault: not within a fixed time, and it goes on receiving nothing. Its undo is
/// <see cref="ResumeReceiving"/>; to be promoted or attached anew ends it too. Result: <see cref="PositionTold"/>: all that this server
/// has. Since protocol version 7.
/// </summary>
public sealed record StopReceiving : GuestCommand;

/// <summary>To a slave: receive from your master again. Nothing to do when it does. Since protocol version 7.</summary>
public sealed record ResumeReceiving : GuestCommand;

/// <summary>
/// How do you stand to another server of your set? Reads only. Result: <see cref="PositionCompared"/>. Since protocol version 7.
/// </summary>
/// <param name="Position">As the other told it.</param>
public sealed record ComparePosition(OpaqueDocument Position) : GuestCommand;

/// <summary>How one server stands to another.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PositionRelation>))]
public enum PositionRelation
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>Both have the same transactions.</summary>
    Equal,

    /// <summary>The one that was asked lacks some of the other's, and has none of its own.</summary>
    Behind,

    /// <summary>The one that was asked has all of the other's, and more.</summary>
    Ahead,

    /// <summary>Each has some that the other lacks.</summary>
    Diverged,
}

/// <summary>The result of <see cref="ComparePosition"/>.</summary>
/// <param name="Relation">How the server that was asked stands to the other.</param>
/// <param name="Transactions">How many it is behind or ahead; 0: otherwise.</param>
/// <param name="Sample">For people: where they differ, when they have diverged.</param>
public sealed record PositionCompared(PositionRelation Relation, long Transactions, string? Sample);

/// <summary>
/// To a slave: apply what was received, follow nobody any more, and be a master with the same log, epoch and transactions, without a
/// restart. Ordinary clients may write when it ends. Nothing to do on a master. Since protocol version 7.
/// </summary>
public sealed record PromoteReplicationSlave : GuestCommand;

/// <summary>
/// To a master: let a server that has the set's data already follow you: a login for it alone, and a document without data for its
/// <see cref="AttachReplicationSlave"/>. The same member has one login. Result: <see cref="FollowingOffer"/>. Since protocol version 7.
/// </summary>
/// <param name="SlaveId">The instance that will follow.</param>
/// <param name="SlaveAddress">The one address from which it may.</param>
public sealed record OfferFollowing(string SlaveId, string SlaveAddress) : GuestCommand;

/// <summary>The result of <see cref="OfferFollowing"/>.</summary>
/// <param name="Snapshot">For the slave's agent; it holds credentials.</param>
public sealed record FollowingOffer(OpaqueDocument Snapshot);
