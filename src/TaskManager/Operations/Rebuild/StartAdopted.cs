using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.Rebuild;

/// <summary>
/// The new agent starts the database with the data and the records that it finds on the volume: a master or a slave is what it was.
/// </summary>
internal sealed class StartAdopted(GuestCommands guests) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    public override string Name => "start database";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(context, context.Operation.InstanceId, new StartServer(), Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
