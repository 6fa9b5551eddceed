using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>
/// The agent, which may be coming up only now, starts the database with the settings of the server that it finds itself in.
/// </summary>
/// <param name="guests">Asks the agent.</param>
/// <param name="onlyWhenServerStopped">True: nothing to do when the server went on running, and with it whatever its database did.</param>
internal sealed class StartDatabase(GuestCommands guests, bool onlyWhenServerStopped = false) : Step<ServerWorkState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    public override string Name => "start database";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        if (onlyWhenServerStopped && !state.NeedsServerStopped)
        {
            return Done(state);
        }

        var answer = await guests.AskAsync(context, context.Operation.InstanceId, new StartServer(), Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
