using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>What the agent remembers of a command. Never its body, which may hold secrets and comes again when it is needed.</summary>
/// <param name="Id">The command's id.</param>
/// <param name="Kind">The command's kind.</param>
/// <param name="Fence">The command's fence.</param>
/// <param name="At">When this was written.</param>
/// <param name="Reply">Null: started, and not finished.</param>
internal sealed record JournalEntry(string Id, string Kind, Fence? Fence, DateTimeOffset At, ReplyEnvelope? Reply);
