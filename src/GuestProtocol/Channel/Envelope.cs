using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol.Channel;

/// <summary>A command on its way to an agent.</summary>
/// <param name="Id">Chosen by the control plane. An agent that has answered this id before returns the recorded answer.</param>
/// <param name="Kind">The name of the command, see <see cref="Commands.GuestCommand"/>. Unknown kinds are answered
/// <see cref="Outcome.Unsupported"/>.</param>
/// <param name="Fence">Null for guest requests (accounts), which take no lock.</param>
/// <param name="DeadlineSeconds">How long the agent may work on it, from its arrival.</param>
/// <param name="Body">The command's own fields.</param>
/// <param name="OperationId">Who asks, for the agent's log; null: a user who waits, or the gateway is older.</param>
public sealed record CommandEnvelope(
    string Id, string Kind, Fence? Fence, int DeadlineSeconds, JsonElement Body, string? OperationId = null);

/// <summary>How a command ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>Done; the body holds the result, if the command has one.</summary>
    Succeeded,

    /// <summary>Tried and failed; the fault says why.</summary>
    Failed,

    /// <summary>Not tried: the fence is lower than one seen before.</summary>
    Fenced,

    /// <summary>Not tried: this agent does not know the command.</summary>
    Unsupported,
}

/// <summary>An agent's answer to one command.</summary>
/// <param name="Id">The command's id.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Fault">Why it did not succeed; null on success.</param>
/// <param name="Body">The result; null where the command has none.</param>
public sealed record ReplyEnvelope(string Id, Outcome Outcome, GuestFault? Fault, JsonElement? Body);

/// <summary>The answer of the long poll.</summary>
/// <param name="Commands">In the order in which they are to be started; empty when nothing came in time.</param>
public sealed record CommandBatch(IReadOnlyList<CommandEnvelope> Commands);
