using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestProtocol.Channel;

/// <summary>
/// An agent that archives a log tells where it begins, and then each part that is stored: with the answer the part counts. May be repeated.
/// While the command is unanswered it is the permission, and only the run that told its beginning first goes on. Since protocol version 4.
/// </summary>
/// <param name="CommandId">The command.</param>
/// <param name="LogId">What it writes.</param>
/// <param name="Run">This agent's try: the first part of the objects' names.</param>
/// <param name="Parts">How many parts there are now; 0: it begins.</param>
/// <param name="Part">The last of them; null: it begins.</param>
/// <param name="Place">
/// The datastore's own description of the last place between two transactions that is in what was written.
/// </param>
/// <param name="Committed">When the last transaction before that was committed, by the guest's clock; null: not known.</param>
/// <param name="Position">All transactions before it, as the datastore writes them.</param>
/// <param name="Gap">Of a beginning: why it does not go on where the one before ended; null: it does.</param>
public sealed record LogProgress(
    string CommandId,
    string LogId,
    string Run,
    int Parts,
    LogPart? Part,
    OpaqueDocument Place,
    DateTimeOffset? Committed,
    string Position,
    string? Gap);
