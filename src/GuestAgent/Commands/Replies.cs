using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>The ways in which a command can end, as replies.</summary>
internal static class Replies
{
    public static ReplyEnvelope Done(string id, object? result) =>
        new(
            id,
            Outcome.Succeeded,
            null,
            result is null ? null : JsonSerializer.SerializeToElement(result, ProtocolJson.Of(result.GetType())));

    public static ReplyEnvelope Failed(string id, DatastoreException fault) => Failed(id, fault.Kind, fault.Message);

    public static ReplyEnvelope Failed(string id, FaultKind kind, string message) =>
        new(id, Outcome.Failed, new GuestFault(kind, message), null);

    public static ReplyEnvelope UnknownKind(CommandEnvelope command) => new(
        command.Id,
        Outcome.Unsupported,
        new GuestFault(FaultKind.Unsupported, $"This agent ({AgentVersion.Text}) does not know the command {command.Kind}."),
        null);

    public static ReplyEnvelope Fenced(CommandEnvelope command, Fence highest) => new(
        command.Id,
        Outcome.Fenced,
        new GuestFault(
            FaultKind.Precondition,
            $"The command's fence {command.Fence!.Value.Generation}.{command.Fence.Value.Counter} is lower than "
                + $"{highest.Generation}.{highest.Counter}."),
        null);
}
