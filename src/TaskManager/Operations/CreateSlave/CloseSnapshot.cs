using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateSlave;

/// <summary>
/// The master stops offering the data. The slave follows already: a master that does not answer now is no reason to turn back.
/// </summary>
internal sealed class CloseSnapshot(GuestCommands guests) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public override string Name => "close snapshot";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var masterId = CreateSlaveWorkflow.GoalOf(context.Operation).MasterId;
        var answer = await guests.AskAsync(
            context, masterId, new CloseReplicationSnapshot(context.Operation.Id), Limit, cancellationToken);
        return answer is GuestAnswer.Succeeded || context.Elapsed > Limit
            ? Done(state)
            : NotYet(state, TimeSpan.FromSeconds(5));
    }
}
