using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>The rows say who the master is.</summary>
internal sealed class ChangeRoles : Step<PromoteState>
{
    public override string Name => "change roles";

    /// <summary>The new master serves.</summary>
    public override bool HasNoWayBack(PromoteState state) => true;

    public override async Task<StepOutcome<PromoteState>> EnsureAsync(
        StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        var goal = PromoteWorkflow.GoalOf(context.Operation);
        await context.WriteAsync(
            unit => InstanceChanges.ChangeMaster(
                unit, context.Operation.Id, context.Operation.InstanceId, goal.MasterId, goal.Others, staysMember: true),
            cancellationToken);
        return Done(state);
    }
}
