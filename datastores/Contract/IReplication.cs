using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Contract;

/// <summary>
/// What replication asks of an engine, in the words of the reference design. The documents are opaque to everything above the agent.
/// Every call may be repeated.
/// </summary>
public interface IReplication
{
    /// <summary>
    /// Master: become able to feed slaves, offer a snapshot, describe it. The same snapshot id gives the same offer. Of the backups in the
    /// request it may choose one that its log goes on from, in the same history; then it does not offer its data, until the same id comes
    /// without that backup.
    /// </summary>
    /// <exception cref="DatastoreException">Precondition: this server follows another one.</exception>
    Task<SnapshotOffer> GetReplicationSnapshotAsync(GetReplicationSnapshot request, CancellationToken cancellationToken);

    /// <summary>Master: the snapshot is not needed any more. Nothing to do when it is closed.</summary>
    Task CloseReplicationSnapshotAsync(string snapshotId, CancellationToken cancellationToken);

    /// <summary>
    /// Slave: makes the data from the snapshot, and does not start the server on it. Nothing to do when there is data. A job, as the calls
    /// of <see cref="IBackups"/> are: it may take hours, and other calls come beside it. The data gets its name when it is whole: a load
    /// that was cut off starts over, and finished data is never replaced.
    /// </summary>
    /// <param name="snapshot">From the master.</param>
    /// <param name="backups">The chain of the backup that the master chose; empty: it offers its data.</param>
    /// <param name="progress">Who watches. What is read of backups they are told by their objects.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">
    /// Unsupported: a document of a foreign kind or a newer version. Precondition: too large for the volume, or the offer is over.
    /// Transient: the master cannot be reached, the transfer was cut, or a load is under way.
    /// </exception>
    Task LoadReplicationSnapshotAsync(
        OpaqueDocument snapshot, IReadOnlyList<StoredBackup> backups, IJobProgress progress, CancellationToken cancellationToken);

    /// <summary>
    /// Slave: follow the master from where the data stands, refuse ordinary writes. Also: an old master joins a new one; what it had for
    /// slaves of its own is gone then. Ends when both threads run.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Unsupported: a document of a foreign kind or a newer version. Precondition: no data, data of another epoch, or with transactions
    /// that the master lacks. Transient: the master cannot be reached, or the data is being loaded.
    /// </exception>
    Task AttachReplicationSlaveAsync(OpaqueDocument snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Slave: stop following; independent and writable when <see cref="DetachReason.Requested"/>. What was received is applied first
    /// (not for <see cref="DetachReason.Deleted"/>). Nothing to do when it follows nobody.
    /// </summary>
    Task DetachReplicationSlaveAsync(DetachReason reason, CancellationToken cancellationToken);

    /// <summary>
    /// Master: drop that slave's user, end its connections and its offers, check that no dump thread is left. Nothing to do when it is
    /// gone. By the slave's id alone, for the slave may be dead, or may never have come to attach.
    /// </summary>
    Task ForgetReplicationSlaveAsync(string slaveId, CancellationToken cancellationToken);

    /// <summary>Master: back to the state before replication. Only when the set dissolves: refused while a slave's user exists.</summary>
    Task DemoteReplicationMasterAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Lets ordinary clients write, or not; kept over restarts. Refused (precondition) when true on a server that follows.
    /// </summary>
    Task SetWritableAsync(bool writable, CancellationToken cancellationToken);

    /// <summary>
    /// Master: ordinary clients cannot write any more, nor can the administrator that users may ask for; kept over restarts. Open
    /// transactions get a grace, then the sessions that still write, hold a lock on tables or have an open transaction are ended. It ends
    /// within the grace and a fixed time, whatever clients do. Its undo is <see cref="SetWritableAsync"/>.
    /// </summary>
    /// <returns>The last position: nothing comes after it.</returns>
    /// <exception cref="DatastoreException">
    /// Precondition: this server follows another one, or has transactions that are prepared, which only their owner can end. Transient:
    /// sessions did not end. After either the server is writable again, unless it was not before.
    /// </exception>
    Task<OpaqueDocument> StopWritesAsync(TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>
    /// Slave: apply what was received, follow nobody any more, and be a master: with the same log, the same epoch and the same
    /// transactions, without a restart, and writable for ordinary clients. Nothing to do when it follows nobody.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Precondition: what was received cannot be applied, or was lost before. Transient: it was not applied within a fixed time. After
    /// either it is a slave as before. Once it is the master by its records, but does not serve yet, every fault is transient.
    /// </exception>
    Task PromoteReplicationSlaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Master: a login for a server that has the set's data already, and a document without data for its
    /// <see cref="AttachReplicationSlaveAsync"/>. The same slave has one login.
    /// </summary>
    /// <exception cref="DatastoreException">Precondition: this server follows another one, or its log is off.</exception>
    Task<OpaqueDocument> OfferFollowingAsync(string slaveId, string slaveAddress, CancellationToken cancellationToken);

    /// <summary>
    /// Where this server is, as a token for <see cref="WaitForAsync"/> and <see cref="CompareAsync"/>. Never goes back, and survives
    /// restarts.
    /// </summary>
    Task<OpaqueDocument> GetPositionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Slave: receive nothing from now on, kept over restarts of server and agent, and apply what was received. Its undo is
    /// <see cref="ResumeReceivingAsync"/>; to be attached, detached or promoted ends it too. A server that follows nobody only tells where
    /// it is.
    /// </summary>
    /// <returns>All that this server has.</returns>
    /// <exception cref="DatastoreException">
    /// Transient: what was received was not applied within a fixed time. Precondition: it cannot be applied, or the volume has no room for
    /// what is just being received. After either it receives nothing.
    /// </exception>
    Task<OpaqueDocument> StopReceivingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Slave: receive from its master again, whenever that can be reached. Nothing to do when it does, or follows nobody.
    /// </summary>
    Task ResumeReceivingAsync(CancellationToken cancellationToken);

    /// <summary>Completes when this server has applied everything up to the token; at once for a past position.</summary>
    /// <exception cref="DatastoreException">Transient: not within the timeout. Precondition: a token of another epoch.</exception>
    Task WaitForAsync(OpaqueDocument token, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Compares this server's position with another's.</summary>
    Task<PositionComparison> CompareAsync(OpaqueDocument otherToken, CancellationToken cancellationToken);
}

/// <summary>How one server's position stands to another's.</summary>
public abstract record PositionComparison
{
    private PositionComparison()
    {
    }

    /// <summary>The same transactions.</summary>
    public sealed record Equal : PositionComparison;

    /// <summary>This server lacks some of the other's transactions, and has none of its own.</summary>
    /// <param name="Transactions">How many.</param>
    public sealed record Behind(long Transactions) : PositionComparison;

    /// <summary>This server has all of the other's transactions, and more.</summary>
    /// <param name="Transactions">How many more.</param>
    public sealed record Ahead(long Transactions) : PositionComparison;

    /// <summary>Each has transactions that the other lacks, or they are of different epochs.</summary>
    /// <param name="Sample">For people: where they differ.</param>
    public sealed record Diverged(string Sample) : PositionComparison;
}
