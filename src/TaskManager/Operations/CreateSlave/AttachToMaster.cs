using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>The slave loads the data and follows. What it gets may hold a password, and is dropped once it was used.</summary>
internal sealed class AttachToMaster(GuestCommands guests, MasterWatch watch) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    public override string Name => "attach to master";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var masterId = CreateSlaveWorkflow.GoalOf(context.Operation).MasterId;
        var answer = await guests.AskAsync(
            context, context.Operation.InstanceId, new AttachReplicationSlave(state.Snapshot!), Limit, cancellationToken);
        if (answer is GuestAnswer.Succeeded)
        {
            return Done(state with { Snapshot = null });
        }

        return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone ? Failed(gone) : answer.Then(state, _ => state);
    }
}
