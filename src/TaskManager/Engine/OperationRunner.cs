using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Origins;
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
    // How long each undo of an operation whose instance is to be deleted may take: whatever it leaves is removed with the instance.
    private static readonly TimeSpan PatienceWhenTakenOver = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan HandBackWithin = TimeSpan.FromSeconds(5);

    private static readonly Func<ILogger, string, string?, IDisposable?> Scope =
        LoggerMessage.DefineScope<string, string?>("{OperationId} {RequestId}");

    private static readonly TimeSpan Far = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly IDatabase database = database.In(DatabaseLane.Engine);
    private readonly OperationSaves saves = new(options, ids, logger);

    /// <summary>What this build can work on.</summary>
    public IReadOnlyList<KnownOperation> Known => workflows.Known;

    /// <summary>Claims an operation and works on it until it ends or has to wait.</summary>
    /// <returns>False: somebody else had claimed it, or another build has to.</returns>
    public async Task<bool> RunAsync(string operationId, CancellationToken cancellationToken)
    {
        var claimed = await database.WriteIfAsync(
            unit =>
            {
                var before = OperationRows.Find(unit, operationId);
                return before is not null && workflows.Knows(before.Kind, before.WorkflowVersion)
                    && OperationRows.TryClaim(unit, operationId, before.WorkflowVersion, options.Owner, options.Lease)
                        ? Claim(before, unit)
                        : null;
            },
            claimed => claimed is not null,
            cancellationToken);
        if (claimed is null)
        {
            return false;
        }

        CurrentOrigin.RequestId = claimed.Operation.RequestId;
        CurrentOrigin.ClientIp = claimed.Operation.ClientIp;
        using var scope = Scope(logger, operationId, claimed.Operation.RequestId);
        OperationMeter.Claimed(claimed.Before, claimed.Clock.Now);
        if (claimed.Before.Claim == 0)
        {
            logger.LogInformation(
                "{Kind} {Id} of instance {Instance} begins, for {RequestId}",
                claimed.Before.Kind, operationId, claimed.Before.InstanceId, claimed.Before.RequestId ?? "upkeep");
        }

        try
        {
            var operation = claimed.Operation;
            while (operation is not null)
            {
                operation = await AdvanceAsync(claimed with { Operation = operation }, cancellationToken);

                // What was read with the claim is of before the first step.
                claimed = claimed with { News = null };
            }
        }
        catch (ClaimLostException e)
        {
            OperationMeter.ClaimLost(claimed.Before);
            logger.LogWarning("{Message} Another worker goes on.", e.Message);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The call of the step has ended: nothing of ours is out, and nobody need wait for the lease.
            await HandBackAsync(claimed.Operation);
            throw;
        }

        return true;
    }

    private async Task HandBackAsync(Operation operation)
    {
        using var limit = new CancellationTokenSource(HandBackWithin, time);
        try
        {
            await database.WriteAsync(
                unit => OperationRows.HandBack(unit, operation.Id, operation.Claim, options.Owner), limit.Token);
            logger.LogInformation("{Kind} {Id} is handed back: this program stops", operation.Kind, operation.Id);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Kind} {Id} could not be handed back; its claim runs out", operation.Kind, operation.Id);
        }
    }

    // A step's time limit is about the step: while nobody could work on it (the service was down) its time stands still.
    private Claimed Claim(Operation before, IUnit unit)
    {
        var (claimed, clock) = (OperationRows.Find(unit, before.Id)!, DatabaseClock.Read(unit, time));
        var now = clock.Now;
        var since = before.LeaseUntil - (long)options.Lease.TotalMilliseconds ?? before.Due;
        var started = Math.Min(now, claimed.StepStarted + Math.Max(0, now - since));
        return new Claimed(
            before, claimed with { StepStarted = started }, ControlPlaneRows.Generation(unit), clock, ReadNews(unit, before.Id));
    }

    // The number of wakes is read before the step looks at the world: news that come later make the operation due at once.
    private static News ReadNews(IUnit unit, string operationId)
    {
        var by = OperationRows.Find(unit, operationId)!.SupersededBy;
        return new News(OperationRows.Wakes(unit, operationId), by is not null, by is not null && OperationRows.IsActive(unit, by));
    }

    /// <returns>The operation after one move; null when it has ended or waits.</returns>
    private async Task<Operation?> AdvanceAsync(Claimed claimed, CancellationToken cancellationToken)
    {
        var before = claimed.Operation;
        var workflow = workflows.Find(before.Kind, before.WorkflowVersion);
        using var span = OperationTraces.Begin(before, workflow.NameOf(before.StepIndex));
        var context = new StepContext(before, claimed.Generation, database, options.Owner, options.Lease, claimed.Clock);

        var (wakes, isGivenUp, isTakenOver) =
            claimed.News ?? await context.WriteAsync(unit => ReadNews(unit, before.Id), cancellationToken);
        var move = new Move(workflow, context, before, wakes);

        if (before.Status == OperationStatus.Undoing)
        {
            return await UndoAsync(move, isTakenOver, cancellationToken);
        }

        // Who deletes the instance waits for nothing that cannot be undone; who only wants the operation to be given up has to.
        return (isGivenUp, isTakenOver, workflow.HasNoWayBack(before)) switch
        {
            (false, _, _) or (_, false, true) => await EnsureAsync(move, cancellationToken),
            _ => await saves.TurnBackAsync(move, before, new OperationFault("The operation was given up on request."), cancellationToken),
        };
    }

    private async Task<Operation?> EnsureAsync(Move move, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        StepOutcome<string> outcome;
        try
        {
            outcome = await CallAsync(context, token => workflow.EnsureAsync(before.StepIndex, context, token), cancellationToken);
        }
        catch (Exception e) when (IsOurs(e, cancellationToken))
        {
            outcome = Faults.ToOutcome(e, before.Attempts);
            logger.LogWarning(e, "Step {Step} of {Kind} {Id} threw", workflow.NameOf(before.StepIndex), before.Kind, before.Id);
        }

        var isLate = context.Elapsed > workflow.LimitOf(before.StepIndex);
        return outcome switch
        {
            StepOutcome<string>.Done done => await saves.NextAsync(move, With(done.State), cancellationToken),
            StepOutcome<string>.Moved moved => await OperationSaves.MovedAsync(move, With(moved.State), cancellationToken),
            StepOutcome<string>.Failed failed => await saves.TurnBackAsync(move, With(failed.State), failed.Why, cancellationToken),
            StepOutcome<string>.Again again when isLate => await saves.TurnBackAsync(move, With(again.State), again.Why, cancellationToken),
            StepOutcome<string>.Again again => await saves.TryAgainAsync(move, With(again.State), again.Why, cancellationToken),
            StepOutcome<string>.NotYet late when isLate => await saves.TurnBackAsync(
                move, With(late.State), Faults.TooLate(workflow, before, late.Because), cancellationToken),
            StepOutcome<string>.NotYet notYet => await OperationSaves.WaitAsync(
                move,
                With(notYet.State),
                Wait(notYet.LookAgainIn, workflow.LimitOf(before.StepIndex) - context.Elapsed),
                cancellationToken),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

        Operation With(string? state) => state is null ? before : before with { State = state };
    }

    private async Task<Operation?> UndoAsync(Move move, bool isTakenOver, CancellationToken cancellationToken)
    {
        var (workflow, context, before, _) = move;
        UndoOutcome outcome;
        try
        {
            outcome = await CallAsync(context, token => workflow.UndoAsync(before.StepIndex, context, token), cancellationToken);
        }
        catch (Exception e) when (IsOurs(e, cancellationToken))
        {
            outcome = Faults.ToUndoOutcome(e);
            logger.LogWarning(e, "Undo of step {Step} of {Kind} {Id} threw", before.StepName, before.Kind, before.Id);
        }

        var limit = isTakenOver ? PatienceWhenTakenOver : workflow.UndoLimitOf(before.StepIndex);
        var isLate = context.Elapsed > limit;
        return outcome switch
        {
            UndoOutcome.Done => await saves.UndoneAsync(move, cancellationToken),
            UndoOutcome.Abandoned abandoned => await saves.AbandonAsync(move, before, abandoned.Why, cancellationToken),
            UndoOutcome.Again again when isLate => await saves.AbandonAsync(move, before, again.Why, cancellationToken),
            UndoOutcome.Again again => await saves.TryAgainAsync(move, before, again.Why, cancellationToken),
            UndoOutcome.NotYet when isLate => await saves.AbandonAsync(move, before, Faults.UndoTooLate(before, limit), cancellationToken),
            UndoOutcome.NotYet notYet => await OperationSaves.WaitAsync(
                move, before, Wait(notYet.LookAgainIn, limit - context.Elapsed), cancellationToken),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    // Looks that are far apart are spread, so that many do not come at once, and none is later than the end of what may be waited.
    private TimeSpan Wait(TimeSpan wait, TimeSpan left)
    {
        var spread = wait < Far ? wait : wait * ((2 + (2 * options.Chance())) / 3);
        return spread < left ? spread : left + Moment;
    }

    // Clouds have time limits of their own, which say more: this one is for those that have none.
    private async Task<T> CallAsync<T>(StepContext context, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        await using var keeper = new LeaseKeeper(context, options.Lease, time, logger);
        using var limit = new CancellationTokenSource(options.CallLimit, time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(keeper.Lost, limit.Token, cancellationToken);
        return await call(all.Token);
    }

    private static bool IsOurs(Exception e, CancellationToken cancellationToken) =>
        e is not ClaimLostException && !cancellationToken.IsCancellationRequested;

    private sealed record Claimed(Operation Before, Operation Operation, long Generation, DatabaseClock Clock, News? News);

    private sealed record News(long Wakes, bool IsGivenUp, bool IsTakenOver);
}
