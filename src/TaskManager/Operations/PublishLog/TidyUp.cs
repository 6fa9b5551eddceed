using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Logs;

namespace Dbaas.TaskManager.Operations.PublishLog;

/// <summary>What was published goes, where that is wanted; what an earlier run stored and did not record always does.</summary>
internal sealed class TidyUp(LogObjects objects) : Step<PublishLogState>
{
    public override string Name => "tidy up";

    public override async Task<StepOutcome<PublishLogState>> EnsureAsync(
        StepContext context, PublishLogState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        var (log, parts) = await context.ReadAsync(
            unit => (GuestLogRows.Find(unit, id)!, GuestLogRows.Parts(unit, id)), cancellationToken);
        var names = parts.Select(part => part.Object).ToHashSet();
        var isDiscarded = PublishLogWorkflow.GoalOf(context.Operation).IsDiscarded;
        await objects.KeepOnlyAsync(
            log.Place, isDiscarded ? new HashSet<string>() : names, isDiscarded ? names : [], cancellationToken);
        if (isDiscarded)
        {
            await context.WriteAsync(unit => GuestLogRows.Discard(unit, id), cancellationToken);
        }

        return Done(state);
    }
}
