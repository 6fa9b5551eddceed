using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Asks agents on behalf of operations. The question is a row whose id follows from operation, step, try and instance: asking again is
/// looking for the answer.
/// </summary>
public sealed class GuestCommands(ControlSignals signals)
{
    /// <summary>Asks, or looks whether the answer has come.</summary>
    /// <param name="context">The step that asks.</param>
    /// <param name="instanceId">Who is asked.</param>
    /// <param name="command">What.</param>
    /// <param name="limit">How long the agent may work on it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<GuestAnswer> AskAsync(
        StepContext context, string instanceId, GuestCommand command, TimeSpan limit, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var id = $"{operation.Id}/{command.KindName()}/{operation.Attempts}/{instanceId[^12..]}";
        var (answered, reply) = await context.WriteAsync(
            unit =>
            {
                var known = CommandRows.Find(unit, id);
                if (known is null)
                {
                    CommandRows.Ensure(unit, new GuestCommandRow
                    {
                        Id = id,
                        InstanceId = instanceId,
                        OperationId = operation.Id,
                        FenceGeneration = context.Generation,
                        FenceCounter = InstanceRows.Find(unit, instanceId)?.FenceCounter ?? 0,
                        Kind = command.KindName(),
                        Body = command.ToBody().GetRawText(),
                        DeadlineSeconds = (int)limit.TotalSeconds,
                        Created = context.Now,
                        // As long as the operation wants it: its end removes it.
                        Expires = long.MaxValue,
                    });
                }

                return (known is { Answered: true }, known?.Reply);
            },
            cancellationToken);
        if (!answered)
        {
            signals.Commands.Set(instanceId);
            return new GuestAnswer.Waiting();
        }

        var envelope = JsonSerializer.Deserialize<ReplyEnvelope>(reply!, ProtocolJson.Options)!;
        return envelope.Outcome switch
        {
            Outcome.Succeeded => new GuestAnswer.Succeeded(envelope.Body),
            Outcome.Fenced => new GuestAnswer.Failed(new GuestFault(FaultKind.Transient, "Another operation has taken the instance over.")),
            Outcome.Unsupported => new GuestAnswer.Failed(
                new GuestFault(FaultKind.Unsupported, $"The agent of instance {instanceId} cannot do {command.KindName()}.")),
            _ => new GuestAnswer.Failed(envelope.Fault ?? new GuestFault(FaultKind.Permanent, "The agent failed without saying why.")),
        };
    }
}
