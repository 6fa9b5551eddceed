using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations;

/// <summary>Nothing to remember.</summary>
public sealed record SingleCommandState;

/// <summary>A step that asks the operation's own instance for one thing.</summary>
internal sealed class SingleCommand(string name, GuestCommand command, GuestCommands guests) : Step<SingleCommandState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public override string Name => name;

    public override async Task<StepOutcome<SingleCommandState>> EnsureAsync(
        StepContext context, SingleCommandState state, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(context, context.Operation.InstanceId, command, Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
