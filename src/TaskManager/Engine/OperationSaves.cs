using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Engine;

/// <summary>One look at an operation that this worker has claimed.</summary>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Context">What its step may use.</param>
/// <param name="Before">The operation as it was.</param>
/// <param name="Wakes">How often it had been woken.</param>
internal sealed record Move(IWorkflow Workflow, StepContext Context, Operation Before, long Wakes);

/// <summary>What follows from the outcome of a step or of an undo: one unit each.</summary>
/// <remarks>Each returns the operation as it is now; null when it has ended or waits.</remarks>
internal sealed class OperationSaves(RunnerOptions options, IIdSource ids, ILogger logger)
{
    /// <summary>The step is done: the next one, or the end.</summary>
    public async Task<Operation?> NextAsync(Move move, Operation after, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        var next = before.StepIndex + 1;
        after = Begun(move, after);
        var saved = await context.WriteAsync(
            unit =>
            {
                Note(unit, move, workflow.NameOf(before.StepIndex), "done", null);
                if (next == workflow.StepCount)
                {
                    workflow.Succeeded(unit, after, context.Now);
                    End(unit, move, OperationStatus.Succeeded, null);
                    return null;
                }

                var begun = after with { StepIndex = next, StepName = workflow.NameOf(next), StepStarted = context.Now, Attempts = 0 };
                OperationRows.Save(unit, begun);
                return begun;
            },
            cancellationToken);
        return Counted(move, after.StepName, "done", saved, "succeeded");
    }

    /// <summary>The step has made one of its moves, and goes on.</summary>
    public static Task<Operation?> MovedAsync(Move move, Operation after, CancellationToken cancellationToken)
    {
        after = Begun(move, after) with { Moves = after.Moves + 1, Attempts = 0 };
        return move.Context.WriteAsync<Operation?>(
            unit =>
            {
                OperationRows.Save(unit, after);
                return after;
            },
            cancellationToken);
    }

    /// <summary>It did not work, and is tried again after a pause.</summary>
    public Task<Operation?> TryAgainAsync(Move move, Operation after, OperationFault why, CancellationToken cancellationToken)
    {
        var attempts = move.Before.Attempts + 1;
        OperationMeter.StepRetried(move.Before, move.Workflow.NameOf(after.StepIndex));
        logger.LogInformation(
            "{Kind} {Id}, step {Step} ({Status}), try {Attempts}: {Why}",
            after.Kind, after.Id, move.Workflow.NameOf(after.StepIndex), after.Status, attempts, why.Message);
        return WaitAsync(move, after with { Attempts = attempts }, Backoff.Wait(attempts, options.Chance()), cancellationToken);
    }

    /// <summary>The claim is given back for a while.</summary>
    public static async Task<Operation?> WaitAsync(Move move, Operation after, TimeSpan wait, CancellationToken cancellationToken)
    {
        await move.Context.WriteAsync(
            unit =>
            {
                OperationRows.Save(unit, Begun(move, after));
                OperationRows.Release(unit, after.Id, wait, move.Wakes);
            },
            cancellationToken);
        return null;
    }

    /// <summary>The operation goes back; where there is no way back it ends.</summary>
    public async Task<Operation?> TurnBackAsync(Move move, Operation after, OperationFault fault, CancellationToken cancellationToken)
    {
        var (workflow, context, _, _) = move;
        if (workflow.HasNoWayBack(after))
        {
            return await AbandonAsync(move, after, fault, cancellationToken);
        }

        after = Begun(move, after) with
        {
            Status = OperationStatus.Undoing,
            Fault = fault.Message,
            StepStarted = context.Now,
            Attempts = 0,
        };
        logger.LogWarning(
            "{Kind} {Id} goes back from step {Step}: {Why} {Details}", after.Kind, after.Id, after.StepName, fault.Message, fault.Details);
        var saved = await context.WriteAsync(
            unit =>
            {
                // What a guest says of a full volume is seldom that: it cannot write what it would say.
                var isFull = GuestRows.Find(unit, after.InstanceId) is { IsVolumeFull: true };
                var told = isFull ? fault with { Message = $"{fault.Message} The volume is full." } : fault;
                Note(unit, move, after.StepName, "failed", told.Message);
                workflow.TurnedBack(unit, after, told, context.Now);
                var back = after with { Fault = told.Message };
                OperationRows.Save(unit, back);
                return back;
            },
            cancellationToken);
        return Counted(move, after.StepName, "failed", saved, "failed");
    }

    /// <summary>The step is undone: the one before it, or the end.</summary>
    public async Task<Operation?> UndoneAsync(Move move, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        var saved = await context.WriteAsync(
            unit =>
            {
                Note(unit, move, before.StepName, "undone", null);
                if (before.StepIndex == 0)
                {
                    workflow.Undone(unit, before, context.Now);
                    End(unit, move, OperationStatus.Failed, before.Fault);
                    return null;
                }

                var previous = before.StepIndex - 1;
                var after = before with
                {
                    StepIndex = previous, StepName = workflow.NameOf(previous), StepStarted = context.Now, Attempts = 0,
                };
                OperationRows.Save(unit, after);
                return after;
            },
            cancellationToken);
        return Counted(move, before.StepName, "undone", saved, "failed");
    }

    /// <summary>It can neither go on nor back: it ends where it is, and gives back what it holds.</summary>
    public async Task<Operation?> AbandonAsync(Move move, Operation after, OperationFault fault, CancellationToken cancellationToken)
    {
        var (workflow, context, _, _) = move;
        after = Begun(move, after) with { Fault = after.Fault ?? fault.Message };
        logger.LogError(
            "{Kind} {Id} is abandoned at step {Step} ({Status}): {Why} {Details}",
            after.Kind, after.Id, after.StepName, after.Status, fault.Message, fault.Details);
        var saved = await context.WriteAsync(
            unit =>
            {
                Note(unit, move, after.StepName, "abandoned", fault.Message);
                workflow.Abandoned(unit, after, fault, context.Now);
                OperationRows.Save(unit, after);
                End(unit, move, OperationStatus.Failed, after.Fault);
                return (Operation?)null;
            },
            cancellationToken);
        return Counted(move, after.StepName, "abandoned", saved, "abandoned");
    }

    // Behind the unit: a unit may run more than once.
    private Operation? Counted(Move move, string step, string outcome, Operation? saved, string outcomeOfAll)
    {
        OperationMeter.StepEnded(move.Before, step, outcome, move.Context.Now);
        if (saved is null)
        {
            OperationMeter.Ended(move.Before, outcomeOfAll, move.Context.Now);
            logger.LogInformation("{Kind} {Id} has ended: {Outcome}", move.Before.Kind, move.Before.Id, outcomeOfAll);
        }

        return saved;
    }

    private static Operation Begun(Move move, Operation operation) => operation with
    {
        WorkflowVersion = move.Workflow.Version,
        StepCount = move.Workflow.StepCount,
        StepName = move.Workflow.NameOf(operation.StepIndex),
    };

    private void End(IUnit unit, Move move, OperationStatus status, string? detail)
    {
        OperationRows.End(unit, move.Before.Id, status, move.Context.Now);
        Note(unit, move, null, status == OperationStatus.Succeeded ? "succeeded" : "failed", detail);
    }

    private void Note(IUnit unit, Move move, string? step, string outcome, string? detail) =>
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = ids.NewId(),
            InstanceId = move.Before.InstanceId,
            At = move.Context.Now,
            OperationId = move.Before.Id,
            Event = move.Before.Kind,
            Step = step,
            Outcome = outcome,
            Detail = detail,
        });
}
