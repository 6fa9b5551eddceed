namespace Dbaas.Datastores.Contract;

/// <summary>Takes the log as parts. Each is compressed, encrypted and stored by itself; that is the agent's.</summary>
public interface ILogWriter
{
    /// <summary>First, and once: where the log begins.</summary>
    /// <param name="from">Where.</param>
    /// <param name="gap">
    /// Why that is not where the call before had come to: a sentence for the user. What was logged in between is lost to the archive. Null:
    /// it goes on, or it is the first.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Precondition: somebody else wrote, or it is not wanted any more.</exception>
    Task BeginAsync(LogPlace from, string? gap, CancellationToken cancellationToken);

    /// <summary>One part after the other. Returns when it counts: then it is there whatever becomes of this server.</summary>
    /// <param name="reached">The last place between two transactions that is in what was written so far.</param>
    /// <param name="write">Writes the part, from its start; may be called again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">
    /// Transient: the store is not reached, or refuses. Precondition: it is not wanted any more.
    /// </exception>
    Task WriteAsync(LogPlace reached, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>All that was committed until this moment, by the server's clock, is archived.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="later">
    /// A later one, as long as nothing is logged; null: something was. Called whenever somebody wants to know, from any thread; it costs
    /// next to nothing, and never throws.
    /// </param>
    void WholeUntil(DateTimeOffset moment, Func<DateTimeOffset?> later);
}
