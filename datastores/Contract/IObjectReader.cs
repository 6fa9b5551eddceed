namespace Dbaas.Datastores.Contract;

/// <summary>Gives the data of one backup back.</summary>
public interface IObjectReader
{
    /// <summary>Reads from the start; may be repeated.</summary>
    /// <param name="read">Takes the data. Its regular end means that it is whole, and what was written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">
    /// Permanent: an object is missing or is not what was written, or the key does not fit. Transient: the store is not reached.
    /// </exception>
    Task ReadAsync(Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken);
}
