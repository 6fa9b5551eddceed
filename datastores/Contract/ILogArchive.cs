using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Contract;

/// <summary>
/// What an engine writes down of every change, kept elsewhere while it serves, so that a server can be made of a backup and of what was
/// changed after it, up to a moment. Both calls are jobs, as those of <see cref="IBackups"/>. The log is cut into parts of which each is
/// taken as it is written: however a call ends, what it had written by then counts.
/// </summary>
public interface ILogArchive
{
    /// <summary>
    /// Writes what is logged, from where another call had come to, as long as it was asked to, while the server serves. Nothing is closed
    /// or turned for it. From the first call on the engine removes nothing of its log that is not archived, but for want of room on the
    /// volume, until nobody has asked for <see cref="ArchiveRequest.KeepFor"/>.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Unsupported: a place of a foreign kind or a newer version. Precondition: this server has no log of its own that goes on. Transient:
    /// the server ended or is not reached.
    /// </exception>
    Task ArchiveAsync(ArchiveRequest request, ILogWriter log, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="IBackups.RestoreAsync"/>, and then does again what was logged after the last backup, up to a moment. With data there,
    /// says again what was reached when it was made.
    /// </summary>
    /// <returns>What was reached, as the data itself says it.</returns>
    /// <exception cref="DatastoreException">
    /// As there; and precondition: the log does not go on from the backup, or from itself, the moment is before what the backup holds, or
    /// is not in the log.
    /// </exception>
    Task<ReachedMoment> RestoreAsync(
        IReadOnlyList<StoredBackup> chain, IReadOnlyList<StoredLog> logs, RestoreTarget target, CancellationToken cancellationToken);
}

/// <summary>What is to be archived.</summary>
/// <param name="After">Where the call before this one had come to; null: there was none, and it begins with what is logged now.</param>
/// <param name="MostBytes">A part has no more bytes. A transaction that is larger goes over several.</param>
/// <param name="Every">How often to look for something new.</param>
/// <param name="For">Then it ends by itself, with all that was logged by then.</param>
/// <param name="KeepFor">What is not archived is kept for so long after the last call.</param>
public sealed record ArchiveRequest(OpaqueDocument? After, int MostBytes, TimeSpan Every, TimeSpan For, TimeSpan KeepFor);

/// <summary>A place in the log, between two transactions.</summary>
/// <param name="Document">What this engine needs to go on from there. Holds no secret of the database.</param>
/// <param name="Committed">When the last transaction before it was committed, by the server's clock; null: not known.</param>
/// <param name="Position">All transactions before it, as the engine writes them for people.</param>
public sealed record LogPlace(OpaqueDocument Document, DateTimeOffset? Committed, string Position);

/// <summary>Part of the log that one call wrote.</summary>
/// <param name="Id">For messages.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Reached">Where it ends; null: not all of its parts are here.</param>
/// <param name="Parts">Its parts.</param>
public sealed record StoredLog(string Id, OpaqueDocument From, OpaqueDocument? Reached, ILogReader Parts);

/// <summary>Where a restore is to stop. One of the two.</summary>
/// <param name="Time">Before the first transaction that was committed later than this.</param>
/// <param name="Transaction">Behind this transaction, as the engine writes it.</param>
public sealed record RestoreTarget(DateTimeOffset? Time, string? Transaction);

/// <summary>Where a restore has stopped.</summary>
/// <param name="Committed">When the last transaction was committed that was done again; null: there was none.</param>
/// <param name="Position">All transactions that the data has, as the engine writes them for people.</param>
public sealed record ReachedMoment(DateTimeOffset? Committed, string Position);
