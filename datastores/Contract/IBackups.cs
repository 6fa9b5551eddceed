using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Contract;

/// <summary>
/// What backups ask of an engine. All calls are jobs: they may take hours, other calls come beside them, and whatever stops the server
/// ends them. They know one named set of objects each, and nothing of stores, keys or parts.
/// </summary>
public interface IBackups
{
    /// <summary>
    /// What follows on a backup is made from a log that a server does not always keep: it must have been asked to
    /// (<see cref="GuestProtocol.Commands.PrepareServer.BinaryLog"/>).
    /// </summary>
    bool FollowByLog { get; }

    /// <summary>
    /// Writes the database as it is at one moment, while it serves. Nothing is left on the volume. May be repeated from the start at any
    /// time: each run has objects of its own.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Unsupported: a parent of a foreign kind or a newer version. Precondition: the parent is of other data than this, or what is to be
    /// written since is not there any more. Transient: the server ended or is not reached.
    /// </exception>
    Task<BackupDescription> BackUpAsync(BackupRequest request, IObjectWriter objects, CancellationToken cancellationToken);

    /// <summary>
    /// After <see cref="IServerControl.InitializeAsync"/> for restored data: makes the data from a complete backup and those that follow
    /// on it, in order. Nothing to do when there is data. The data gets its name when it is whole: until then it is not there, and a
    /// repetition begins anew. Does not start the server. Users that the service kept in the former instance go with its first start.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Unsupported: a document of a foreign kind or a newer version. Precondition: one does not follow on the one before it, or the volume
    /// is too small. Permanent: the data is not what its description says.
    /// </exception>
    Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken);

    /// <summary>
    /// After <see cref="RestoreAsync"/>, and instead of a start of the server: reads all that users have in the data, as the engine reads
    /// it when it serves, and says what is there, and what is wrong with it. Nobody but the caller reaches the data meanwhile, nothing that
    /// is in it acts by itself, and nothing in it follows anybody. It is not to be served afterwards. May be repeated.
    /// </summary>
    /// <returns>What the data is to blame for is one of its faults, and no exception.</returns>
    /// <exception cref="DatastoreException">
    /// Precondition: there is no data, or the server runs. Transient: whatever the data is not to blame for.
    /// </exception>
    Task<DataFindings> VerifyAsync(IJobProgress progress, CancellationToken cancellationToken);
}

/// <summary>A backup to make.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Parent">What this engine said of the one that it is to follow on; null: it is to be complete by itself.</param>
public sealed record BackupRequest(string Id, OpaqueDocument? Parent);

/// <summary>A backup that was made.</summary>
/// <param name="Document">What this engine needs to know of it later. Holds no secret of the database.</param>
/// <param name="DatasetBytes">Size of the data on the volume.</param>
public sealed record BackupDescription(OpaqueDocument Document, long DatasetBytes);

/// <summary>A backup to restore from.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Document">As it was described.</param>
/// <param name="Objects">Its data.</param>
public sealed record StoredBackup(string Id, OpaqueDocument Document, IObjectReader Objects);
