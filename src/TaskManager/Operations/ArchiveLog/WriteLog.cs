using System.Text.Json;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Command = Dbaas.GuestProtocol.Commands.ArchiveLog;

namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>
/// The instance's agent writes, and tells each part. It ends by itself after a while, or with whatever comes between: an end is an end, and
/// the next archived log goes on from there.
/// </summary>
internal sealed class WriteLog(GuestCommands guests, ArchiveOptions options, GuestOptions silence) : Step<ArchiveLogState>
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    // There is one of these for each instance that is archived, all the time, and the answer wakes it.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public override string Name => "write log";

    public override TimeSpan TimeLimit => options.For + (2 * Grace);

    public override async Task<StepOutcome<ArchiveLogState>> EnsureAsync(
        StepContext context, ArchiveLogState state, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var (log, after, instance, guest) = await context.ReadAsync(
            unit =>
            {
                var row = ArchivedLogRows.Find(unit, operation.Subject.Id)!;
                return (row, row.PreviousId is { } before ? ArchivedLogRows.Find(unit, before) : null,
                    InstanceRows.Find(unit, operation.InstanceId), GuestRows.Find(unit, operation.InstanceId));
            },
            cancellationToken);
        if (WhyNot(context, instance, guest) is { } why)
        {
            // From here on the agent is given no address any more, and no part of it counts.
            await context.WriteAsync(unit => CommandRows.Withdraw(unit, operation.Id, operation.InstanceId), cancellationToken);
            return Done(state with { Because = why, WholeUntil = WholeUntil(operation.Id, guest) });
        }

        var command = new Command
        {
            LogId = log.Id,
            After = after?.ReachedPlace is { } place ? JsonSerializer.Deserialize<OpaqueDocument>(place, ProtocolJson.Options) : null,
            Recipients = log.Recipients.Split(' '),
            MostBytes = options.MostBytes,
            EverySeconds = options.Every.TotalSeconds,
            ForSeconds = options.For.TotalSeconds,
            KeepForSeconds = options.KeepFor.TotalSeconds,
        };
        var answer = await guests.AskAsync(context, instance!.Id, command, options.For + Grace, cancellationToken);
        return answer switch
        {
            GuestAnswer.Waiting waiting => new StepOutcome<ArchiveLogState>.NotYet(state, LookAgain, waiting.Because),
            GuestAnswer.Failed { Fault: { } fault } =>
                Done(state with { Because = fault.Message, WholeUntil = WholeUntil(operation.Id, guest) }),
            _ => Done(state with { WholeUntil = WholeUntil(operation.Id, guest) }),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, ArchiveLogState state, CancellationToken cancellationToken)
    {
        await context.WriteAsync(
            unit => CommandRows.Withdraw(unit, context.Operation.Id, context.Operation.InstanceId), cancellationToken);
        return new UndoOutcome.Done();
    }

    /// <summary>As its agent said last: a question's id begins with that of the operation that asks it.</summary>
    private static long? WholeUntil(string operationId, GuestState? guest) => guest?.Jobs is { } jobs
        ? JsonSerializer.Deserialize<List<JobProgress>>(jobs, JsonSerializerOptions.Web)!
            .FirstOrDefault(job => job.CommandId.StartsWith($"{operationId}/", StringComparison.Ordinal))?.WholeUntil
        : null;

    private string? WhyNot(StepContext context, Instance? instance, GuestState? guest) => (instance, guest) switch
    {
        (null or { Deleted: true }, _) => "The instance was deleted.",
        ({ PointInTime: false }, _) => "The archive was turned off.",
        ({ Lifecycle: not Lifecycle.Ready }, _) => $"The instance {instance.Name} is in ERROR.",
        (_, { } heard) when heard.SilentFor > silence.GivenUpAfter =>
            $"The instance {instance.Name} has not answered for {heard.SilentFor.TotalSeconds:0} seconds.",
        _ => null,
    };
}
