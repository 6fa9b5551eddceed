using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>The slave has all that the master has. Writes are away meanwhile: it has not long for it.</summary>
internal sealed class ReachEnd(GuestCommands guests) : Step<PromoteState>
{
    private const int OneWaitSeconds = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(OneWaitSeconds + 10);

    public override string Name => "reach the master's last transaction";

    public override TimeSpan TimeLimit => Limit;

    public override async Task<StepOutcome<PromoteState>> EnsureAsync(
        StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        var answer = await guests.AskAsync(
            context, context.Operation.InstanceId, new WaitForPosition(state.Last!, OneWaitSeconds), Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
