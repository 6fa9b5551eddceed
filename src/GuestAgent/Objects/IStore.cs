using Dbaas.Datastores.Contract;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Where the objects of backups are.</summary>
internal interface IStore
{
    /// <summary>Writes an object whole. The same name is written once: a repetition after an answer that was lost is no fault.</summary>
    /// <param name="name">Which.</param>
    /// <param name="content">All of it.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Transient: the store is not reached, or refuses.</exception>
    Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, byte[] sha256, CancellationToken cancellationToken);

    /// <summary>Reads an object whole.</summary>
    /// <param name="name">Which.</param>
    /// <param name="buffer">Takes it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its size.</returns>
    /// <exception cref="DatastoreException">
    /// Permanent: there is none, or it is larger than the buffer. Transient: the store is not reached.
    /// </exception>
    Task<int> GetAsync(ObjectName name, Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>An object, and the command that may use it.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="BackupId">The backup that it belongs to.</param>
/// <param name="Name">Its name there.</param>
internal sealed record ObjectName(string CommandId, string BackupId, string Name);
