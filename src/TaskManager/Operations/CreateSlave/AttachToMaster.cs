using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>The slave follows. What it gets may hold a password, and is dropped once it was used.</summary>
/// <param name="guests">Asks the agent.</param>
/// <param name="watch">Looks at the master.</param>
/// <param name="command">The time that the agent has.</param>
/// <param name="limit">The time for all tries.</param>
internal sealed class AttachToMaster(GuestCommands guests, MasterWatch watch, TimeSpan command, TimeSpan limit) : Step<BuildState>
{
    public override string Name => "attach to master";

    public override TimeSpan TimeLimit => limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var masterId = CreateSlaveWorkflow.GoalOf(context.Operation).MasterId;
        var answer = await guests.AskAsync(
            context, context.Operation.InstanceId, new AttachReplicationSlave(state.Snapshot!), command, cancellationToken);
        if (answer is GuestAnswer.Succeeded)
        {
            return Done(state with { Snapshot = null });
        }

        return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone ? Failed(gone) : answer.Then(state, _ => state);
    }
}
