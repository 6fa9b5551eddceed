using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Contract;

/// <summary>
/// Logs that the engine writes for people. Each is one stream of bytes, counted from its beginning, whatever files it is in: a place in it
/// never becomes another. All of them have a bound on the volume, and what is oldest goes first, whether or not somebody has read it.
/// </summary>
public interface ILogs
{
    /// <summary>All that there are, whether or not they are written. The server need not run. May come beside any other call.</summary>
    Task<IReadOnlyList<GuestLog>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins or ends the writing of a log, at once and over restarts, whatever the user's parameters say. Nothing to do when it is so.
    /// </summary>
    /// <exception cref="DatastoreException">
    /// Not found: there is no such log. Precondition: it is always written. Transient: the server does not answer.
    /// </exception>
    Task EnableAsync(string name, bool enabled, CancellationToken cancellationToken);

    /// <summary>
    /// Some of what was written, in whole entries. No credential is in it, whatever was said to the server: what cannot be told from one
    /// is left out. The same from the same place, as long as the log has it. The server need not run. May come beside any other call.
    /// </summary>
    /// <param name="name">The log.</param>
    /// <param name="from">Where to begin: 0, or where another call had come to. What has gone is passed over.</param>
    /// <param name="mostBytes">No more than this.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Not found: there is no such log.</exception>
    Task<LogPiece> ReadAsync(string name, long from, int mostBytes, CancellationToken cancellationToken);
}

/// <summary>Some of a log.</summary>
/// <param name="From">Where it begins; higher than what was asked for: the log has no more what was before.</param>
/// <param name="Next">Where it ends; where it begins: there is nothing yet.</param>
/// <param name="End">Where the log ends, as far as it is written.</param>
/// <param name="Content">As text for people, without what was left out.</param>
public sealed record LogPiece(long From, long Next, long End, ReadOnlyMemory<byte> Content);
