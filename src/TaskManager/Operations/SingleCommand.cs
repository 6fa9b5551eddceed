using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations;

/// <summary>Nothing to remember.</summary>
public sealed record SingleCommandState;

/// <summary>A step that asks the operation's own instance for one thing.</summary>
internal sealed class SingleCommand(string name, Func<Operation, GuestCommand> command, GuestCommands guests) : Step<SingleCommandState>
{
    public override string Name => name;

    public override async Task<StepOutcome<SingleCommandState>> EnsureAsync(
        StepContext context, SingleCommandState state, CancellationToken cancellationToken)
    {
        var operation = context.Operation;
        var answer = await guests.AskAsync(
            context, operation.InstanceId, command(operation), CommandLimits.WithRestart, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
