namespace Dbaas.Datastores.Contract;

/// <summary>Takes the data of one backup. Compression, encryption, parts and their places are the agent's.</summary>
public interface IObjectWriter
{
    /// <summary>For those who watch: how many bytes will come, as far as it is known. Not a limit.</summary>
    void Expect(long bytes);

    /// <summary>
    /// Once for each writer: takes what is written, and returns when all of it is in the store. What a program writes is best given by
    /// <see cref="Stream.CopyToAsync(Stream)"/>: then it does not pass through the agent.
    /// </summary>
    /// <param name="write">Writes the data; its regular end is the end of the data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="DatastoreException">Transient: the store is not reached, or refuses. What <paramref name="write"/> throws.
    /// </exception>
    Task<long> WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);
}
