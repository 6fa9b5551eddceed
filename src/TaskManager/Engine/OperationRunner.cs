using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Engine;

/// <summary>
/// Carries claimed operations on: step, save, next step; or back, undo by undo. It knows no workflow by name. Whatever happens to it,
/// another runner goes on from the last save once the lease has run out.
/// </summary>
public sealed class OperationRunner(
    IDatabase database, Workflows workflows, RunnerOptions options, IIdSource ids, TimeProvider time, ILogger<OperationRunner> logger)
{
    /// <summary>Claims an operation and works on it until it ends or has to wait.</summary>
    /// <returns>False: somebody else had claimed it.</returns>
    public async Task<bool> RunAsync(string operationId, CancellationToken cancellationToken)
    {
        var claimed = await database.WriteAsync(
            unit =>
            {
                var before = OperationRows.Find(unit, operationId);
                return OperationRows.TryClaim(unit, operationId, options.Owner, options.Lease)
                    ? (Operation: Rested(before!, OperationRows.Find(unit, operationId)!), Generation: ControlPlaneRows.Generation(unit))
                    : default;
            },
            cancellationToken);
        if (claimed.Operation is null)
        {
            return false;
        }

        try
        {
            var operation = claimed.Operation;
            while (operation is not null)
            {
                operation = await AdvanceAsync(operation, claimed.Generation, cancellationToken);
            }
        }
        catch (ClaimLostException e)
        {
            logger.LogWarning("{Message} Another worker goes on.", e.Message);
        }

        return true;
    }

    // A step's time limit is about the step: while nobody could work on it (the service was down) its time stands still.
    private Operation Rested(Operation before, Operation claimed)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = before.LeaseUntil - (long)options.Lease.TotalMilliseconds ?? before.Due;
        return claimed with { StepStarted = Math.Min(now, claimed.StepStarted + Math.Max(0, now - since)) };
    }

    /// <returns>The operation after one move; null when it has ended or waits.</returns>
    private async Task<Operation?> AdvanceAsync(Operation before, long generation, CancellationToken cancellationToken)
    {
        var workflow = workflows.Find(before.Kind, before.WorkflowVersion);
        var context = new StepContext(before, generation, database, options.Owner, options.Lease, time);

        // The number of wakes is read before the step looks at the world: news that come later make the operation due at once.
        var (wakes, supersededBy) = await context.WriteAsync(
            unit => (OperationRows.Wakes(unit, before.Id), OperationRows.Find(unit, before.Id)!.SupersededBy), cancellationToken);
        var move = new Move(workflow, context, before, wakes);

        if (before.Status == OperationStatus.Undoing)
        {
            return await UndoAsync(move, cancellationToken);
        }

        return supersededBy is null
            ? await EnsureAsync(move, cancellationToken)
            : await TurnBackAsync(move, new OperationFault($"The operation was stopped ({supersededBy})."), cancellationToken);
    }

    private async Task<Operation?> EnsureAsync(Move move, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        StepOutcome<string> outcome;
        try
        {
            outcome = await CallAsync(token => workflow.EnsureAsync(before.StepIndex, context, token), cancellationToken);
        }
        catch (Exception e) when (IsOurs(e, cancellationToken))
        {
            outcome = Faults.ToOutcome(e);
            logger.LogWarning(e, "Step {Step} of {Kind} {Id} threw", workflow.NameOf(before.StepIndex), before.Kind, before.Id);
        }

        var isLate = context.Elapsed > workflow.LimitOf(before.StepIndex);
        return outcome switch
        {
            StepOutcome<string>.Done done => await NextAsync(move, done.State, cancellationToken),
            StepOutcome<string>.Failed failed => await TurnBackAsync(move, failed.Why, cancellationToken),
            StepOutcome<string>.Again again when isLate => await TurnBackAsync(move, again.Why, cancellationToken),
            StepOutcome<string>.Again again => await TryAgainAsync(move, again.Why, cancellationToken),
            StepOutcome<string>.NotYet when isLate => await TurnBackAsync(move, Faults.TooLate(workflow, before), cancellationToken),
            StepOutcome<string>.NotYet notYet => await WaitAsync(
                move, Begun(move, before with { State = notYet.State }), notYet.LookAgainIn, cancellationToken),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private async Task<Operation?> NextAsync(Move move, string state, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        var next = before.StepIndex + 1;
        var after = Begun(move, before with { State = state });
        return await context.WriteAsync(
            unit =>
            {
                Note(unit, before, workflow.NameOf(before.StepIndex), "done", null);
                if (next == workflow.StepCount)
                {
                    workflow.Succeeded(unit, after, context.Now);
                    Note(unit, before, null, "succeeded", null);
                    OperationRows.End(unit, before.Id, OperationStatus.Succeeded, context.Now);
                    return null;
                }

                after = after with { StepIndex = next, StepName = workflow.NameOf(next), StepStarted = context.Now, Attempts = 0 };
                OperationRows.Save(unit, after);
                return after;
            },
            cancellationToken);
    }

    private Task<Operation?> TryAgainAsync(Move move, OperationFault why, CancellationToken cancellationToken)
    {
        var attempts = move.Before.Attempts + 1;
        logger.LogInformation(
            "{Kind} {Id}, step {Step}, try {Attempts}: {Why}",
            move.Before.Kind, move.Before.Id, move.Workflow.NameOf(move.Before.StepIndex), attempts, why.Message);
        return WaitAsync(
            move, Begun(move, move.Before with { Attempts = attempts }), Backoff.Wait(attempts, Random.Shared.NextDouble()), cancellationToken);
    }

    private async Task<Operation?> TurnBackAsync(Move move, OperationFault fault, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        var after = Begun(move, before) with
        {
            Status = OperationStatus.Undoing,
            Fault = fault.Message,
            StepStarted = context.Now,
            Attempts = 0,
        };
        logger.LogWarning(
            "{Kind} {Id} goes back from step {Step}: {Why} {Details}",
            before.Kind, before.Id, after.StepName, fault.Message, fault.Details);
        return await context.WriteAsync(
            unit =>
            {
                Note(unit, before, after.StepName, "failed", fault.Message);
                workflow.TurnedBack(unit, after, fault, context.Now);
                OperationRows.Save(unit, after);
                return after;
            },
            cancellationToken);
    }

    private async Task<Operation?> UndoAsync(Move move, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        UndoOutcome outcome;
        try
        {
            outcome = await CallAsync(token => workflow.UndoAsync(before.StepIndex, context, token), cancellationToken);
        }
        catch (Exception e) when (IsOurs(e, cancellationToken))
        {
            logger.LogWarning(e, "Undo of step {Step} of {Kind} {Id} threw", before.StepName, before.Kind, before.Id);
            var attempts = before.Attempts + 1;
            return await WaitAsync(
                move, before with { Attempts = attempts }, Backoff.Wait(attempts, Random.Shared.NextDouble()), cancellationToken);
        }

        if (outcome is UndoOutcome.NotYet notYet)
        {
            return await WaitAsync(move, before, notYet.LookAgainIn, cancellationToken);
        }

        return await context.WriteAsync(
            unit =>
            {
                Note(unit, before, before.StepName, "undone", null);
                if (before.StepIndex == 0)
                {
                    workflow.Undone(unit, before, context.Now);
                    Note(unit, before, null, "failed", before.Fault);
                    OperationRows.End(unit, before.Id, OperationStatus.Failed, context.Now);
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
    }

    private static async Task<Operation?> WaitAsync(Move move, Operation after, TimeSpan wait, CancellationToken cancellationToken)
    {
        await move.Context.WriteAsync(
            unit =>
            {
                OperationRows.Save(unit, after);
                OperationRows.Release(unit, after.Id, move.Context.Now + (long)wait.TotalMilliseconds, move.Wakes);
            },
            cancellationToken);
        return null;
    }

    // A step gets less time than the lease has, so that nobody else can begin while a call of ours is still out.
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Lease * 0.8, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await call(both.Token);
    }

    private static bool IsOurs(Exception e, CancellationToken cancellationToken) =>
        e is not ClaimLostException && !cancellationToken.IsCancellationRequested;

    private static Operation Begun(Move move, Operation operation) => operation with
    {
        WorkflowVersion = move.Workflow.Version,
        StepCount = move.Workflow.StepCount,
        StepName = move.Workflow.NameOf(operation.StepIndex),
    };

    private void Note(IUnit unit, Operation operation, string? step, string outcome, string? detail) =>
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = ids.NewId(),
            InstanceId = operation.InstanceId,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
            OperationId = operation.Id,
            Event = operation.Kind,
            Step = step,
            Outcome = outcome,
            Detail = detail,
        });

    private sealed record Move(IWorkflow Workflow, StepContext Context, Operation Before, long Wakes);
}
