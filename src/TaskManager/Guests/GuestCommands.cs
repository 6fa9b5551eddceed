using System.Globalization;
using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Asks agents on behalf of operations. The question is a row whose id follows from operation, step, move, command, try and instance:
/// asking again is looking for the answer. A move has one open question of a kind: while an agent works on a command it is not sent a
/// second one.
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
        var direction = operation.Status == OperationStatus.Undoing ? "undo" : "step";
        if (!command.IsKnownToAll
            && await context.ReadAsync(unit => GuestRows.FindAgent(unit, instanceId), cancellationToken) is { } agent
            && command.WhyNotBy(agent.Protocol) is { } why)
        {
            return new GuestAnswer.Failed(new GuestFault(FaultKind.Unsupported, why));
        }

        var question = Question(operation, direction, command.KindName());
        var id = string.Create(CultureInfo.InvariantCulture, $"{question}{operation.Attempts:D6}/{instanceId[^12..]}");
        var (last, before) = await context.ReadAsync(
            unit =>
            {
                var last = CommandRows.FindLast(unit, question, instanceId);
                return (last, last is { Answered: false } ? CommandRows.FindLastAnswered(unit, question, instanceId) : last);
            },
            cancellationToken);
        if (last is null || (last.Id != id && IsToBeAskedAgain(last)))
        {
            await context.WriteAsync(
                unit =>
                {
                    if (last is not null)
                    {
                        // An operation may try for a year; what it was told last is all that anybody reads again.
                        CommandRows.RemoveTries(unit, question, last.Id, instanceId);
                    }

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
                },
                cancellationToken);
            signals.CommandIsThere(instanceId);
            last = null;
        }

        if (last is { Answered: true, Reply: { } reply })
        {
            var answer = ToAnswer(instanceId, command.KindName(), reply);
            OperationTraces.Answered(last, answer is GuestAnswer.Succeeded, context.Now);
            return answer;
        }

        var earlier = before?.Reply is { } told ? ToAnswer(instanceId, command.KindName(), told) as GuestAnswer.Failed : null;
        return new GuestAnswer.Waiting(earlier?.Fault.Message);
    }

    /// <summary>
    /// The last question of this kind that the operation's present step asked on its way forward, and that is still open.
    /// </summary>
    /// <returns>Its id; null: there is none.</returns>
    public static string? OpenQuestion(IUnit unit, Operation operation, string instanceId, string kind) =>
        CommandRows.FindLast(unit, Question(operation, "step", kind), instanceId) is { Answered: false } open ? open.Id : null;

    // The number of the try, behind it, has a fixed width: the last of several is found by the order of their ids, and by no clock.
    private static string Question(Operation operation, string direction, string kind) =>
        $"{operation.Id}/{direction}{operation.StepIndex}.{operation.Moves}/{kind}/";

    // A step may be tried again for reasons of its own (the control database was away): an earlier question of it that is still open, or
    // was answered for good, is the question. Only an answer that the step was given, and that says that trying again may help, is used
    // up.
    private static bool IsToBeAskedAgain(GuestCommandRow earlier) =>
        earlier is { Answered: true, Reply: { } reply }
        && ToAnswer(earlier.InstanceId, earlier.Kind, reply) is GuestAnswer.Failed { Fault.Kind: FaultKind.Transient };

    private static GuestAnswer ToAnswer(string instanceId, string kind, string reply)
    {
        var envelope = JsonSerializer.Deserialize<ReplyEnvelope>(reply, ProtocolJson.Options)!;
        return envelope.Outcome switch
        {
            Outcome.Succeeded => new GuestAnswer.Succeeded(envelope.Body),
            Outcome.Fenced => new GuestAnswer.Failed(new GuestFault(FaultKind.Transient, "Another operation has taken the instance over.")),
            Outcome.Unsupported => new GuestAnswer.Failed(
                new GuestFault(FaultKind.Unsupported, $"The agent of instance {instanceId} cannot do {kind}.")),
            _ => new GuestAnswer.Failed(envelope.Fault ?? new GuestFault(FaultKind.Permanent, "The agent failed without saying why.")),
        };
    }
}
