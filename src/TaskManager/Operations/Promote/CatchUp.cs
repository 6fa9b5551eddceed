using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>The slave comes near the master, which serves on: what is left when writes stop is little.</summary>
internal sealed class CatchUp(GuestCommands guests) : Step<PromoteState>
{
    private const int OneWaitSeconds = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(OneWaitSeconds + 30);

    public override string Name => "catch up";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public override async Task<StepOutcome<PromoteState>> EnsureAsync(
        StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        if (state.Near is not { } near)
        {
            var master = PromoteWorkflow.GoalOf(context.Operation).MasterId;
            return await guests.AskAsync(context, master, new GetPosition(), Limit, cancellationToken) switch
            {
                GuestAnswer.Succeeded told => Moved(state with { Near = told.Read<PositionTold>().Position }),
                var answer => answer.Then(state, _ => state),
            };
        }

        var reached = await guests.AskAsync(
            context, context.Operation.InstanceId, new WaitForPosition(near, OneWaitSeconds), Limit, cancellationToken);
        return reached.Then(state, _ => state with { Near = null });
    }
}
