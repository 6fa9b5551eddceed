using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>
/// The slave makes its data of what its master offers, by a job beside whatever else its agent is asked for. An agent of before there was
/// one loads and follows by one command; what comes after this finds that done.
/// </summary>
internal sealed class LoadData(GuestCommands guests, MasterWatch watch) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    public override string Name => "load data";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var (id, masterId) = (context.Operation.InstanceId, CreateSlaveWorkflow.GoalOf(context.Operation).MasterId);
        var command = await context.ReadAsync(unit => ToCommand(unit, id, state.Snapshot!), cancellationToken);
        var answer = await guests.AskAsync(context, id, command, Limit, cancellationToken);
        if (answer is GuestAnswer.Succeeded)
        {
            return Done(state);
        }

        return await watch.CheckAsync(context, masterId, cancellationToken) is { } gone ? Failed(gone) : answer.Then(state, _ => state);
    }

    private static GuestCommand ToCommand(IUnit unit, string slaveId, OpaqueDocument snapshot) =>
        GuestRows.FindAgent(unit, slaveId) is { } agent && new LoadReplicationSnapshot(snapshot).WhyNotBy(agent.Protocol) is not null
            ? new AttachReplicationSlave(snapshot)
            : new LoadReplicationSnapshot(snapshot);
}
