using Dbaas.Domain;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Operations.ForgetSlave;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>The master offers a snapshot: its data, or a backup of that which its log goes on from.</summary>
internal sealed class GetSnapshot(MasterSnapshot snapshot, IIdSource ids) : Step<BuildState>
{
    public override string Name => "get snapshot";

    public override Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken) =>
        snapshot.AskAsync(context, state, Done, cancellationToken);

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        // The master may be the one that failed: what it keeps is taken from it by an operation of its own, which can wait for it.
        await context.WriteAsync(
            unit => ForgetSlaveWorkflow.Start(
                unit, ids, CreateSlaveWorkflow.GoalOf(context.Operation).MasterId, context.Operation.InstanceId, context.Now),
            cancellationToken);
        return new UndoOutcome.Done();
    }
}
