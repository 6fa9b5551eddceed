using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>The slave is the master, and clients can write on it.</summary>
internal sealed class BecomeMaster(GuestCommands guests) : Step<PromoteState>
{
    /// <summary>The guest waits two minutes for what it received to be applied.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public override string Name => "promote slave";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public override async Task<StepOutcome<PromoteState>> EnsureAsync(
        StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        if (!state.Asked)
        {
            return Moved(state with { Asked = true });
        }

        var answer = await guests.AskAsync(
            context, context.Operation.InstanceId, new PromoteReplicationSlave(), Limit, cancellationToken);
        return answer.Then(state, _ => state with { Serves = context.Now });
    }

    /// <summary>
    /// It follows its master again, for sure: only then may that one let clients write. A slave that has transactions of its own by now is
    /// not attached, and this cannot be undone: the master stays as it is, so that there are never two.
    /// </summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        if (!state.Asked)
        {
            return new UndoOutcome.Done();
        }

        var (id, master) = (context.Operation.InstanceId, PromoteWorkflow.GoalOf(context.Operation).MasterId);
        var address = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!.Address!, cancellationToken);
        return await guests.AskAsync(context, master, new OfferFollowing(id, address), Limit, cancellationToken) switch
        {
            GuestAnswer.Succeeded offered =>
                (await guests.AskAsync(
                    context, id, new AttachReplicationSlave(offered.Read<FollowingOffer>().Snapshot), Limit, cancellationToken))
                .ThenUndoneForSure(Soon),
            var answer => answer.ThenUndoneForSure(Soon),
        };
    }
}
