using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>The rows say who the master is, and that the former one is no member any more.</summary>
internal sealed class LeaveSet : Step<EjectState>
{
    public override string Name => "change roles";

    /// <summary>The new master serves.</summary>
    public override bool HasNoWayBack(EjectState state) => true;

    public override async Task<StepOutcome<EjectState>> EnsureAsync(
        StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        var (operation, goal) = (context.Operation, EjectWorkflow.GoalOf(context.Operation));
        await context.WriteAsync(
            unit => InstanceChanges.ChangeMaster(
                unit,
                operation.Id,
                state.Successor!,
                operation.InstanceId,
                [.. goal.Slaves.Concat(goal.Away).Where(slave => slave != state.Successor)],
                staysMember: false),
            cancellationToken);
        return Done(state);
    }
}
