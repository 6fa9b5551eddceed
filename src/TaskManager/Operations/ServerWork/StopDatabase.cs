using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>The database is stopped in good order before its server is. Going back starts it.</summary>
/// <param name="guests">Asks the agent.</param>
/// <param name="onlyWhenServerStops">True: nothing to do as long as the server may go on running.</param>
internal sealed class StopDatabase(GuestCommands guests, bool onlyWhenServerStops = false) : Step<ServerWorkState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "stop database";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        if (onlyWhenServerStops && !state.NeedsServerStopped)
        {
            return Done(state);
        }

        var answer = await guests.AskAsync(context, context.Operation.InstanceId, new StopServer(), Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }

    /// <summary>A guest that never answers again does not hold the operation for ever: its silence shows by itself.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        if (context.Elapsed > TimeLimit || (onlyWhenServerStops && !state.NeedsServerStopped))
        {
            return new UndoOutcome.Done();
        }

        var answer = await guests.AskAsync(context, context.Operation.InstanceId, new StartServer(), Limit, cancellationToken);
        return answer.ThenUndone(LookAgain);
    }
}
