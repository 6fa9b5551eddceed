namespace Dbaas.Datastores.Contract;

/// <summary>Gives the parts of a log back.</summary>
public interface ILogReader
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>Reads a part; may be repeated.</summary>
    /// <param name="number">From 0, in the order in which they were written.</param>
    /// <param name="read">Takes it. Its regular end means that it is whole, and what was written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">
    /// Permanent: it is missing or is not what was written, or the key does not fit. Transient: the store is not reached.
    /// </exception>
    Task ReadAsync(int number, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken);
}
