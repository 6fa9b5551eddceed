using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.MasterChange;

/// <summary>
/// All others of a set follow the new master, one after the other. One that does not answer, or cannot, keeps nobody from it: it is told
/// of, and can be replaced.
/// </summary>
/// <param name="guests">Who is asked.</param>
/// <param name="newMaster">Whom they follow.</param>
/// <param name="members">Who follows, in the order of their turns.</param>
internal sealed class PointMembers<TState>(
    GuestCommands guests, Func<Operation, TState, string> newMaster, Func<Operation, TState, IEnumerable<string>> members) : Step<TState>
    where TState : MembersState
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IsStillThere = TimeSpan.FromSeconds(5);

    public override string Name => "point members";

    public override TimeSpan TimeLimit => TimeSpan.FromHours(6);

    /// <summary>The new master serves.</summary>
    public override bool HasNoWayBack(TState state) => true;

    public override async Task<StepOutcome<TState>> EnsureAsync(
        StepContext context, TState state, CancellationToken cancellationToken)
    {
        if (members(context.Operation, state).Except(state.Settled).FirstOrDefault() is not { } member)
        {
            return Done(state);
        }

        var answer = state.Offer is { } offer
            ? await guests.AskAsync(context, member, new AttachReplicationSlave(offer), Limit, cancellationToken)
            : await OfferAsync(context, state, member, cancellationToken);
        return answer switch
        {
            GuestAnswer.Succeeded told when state.Offer is null => Moved(state with { Offer = told.Read<FollowingOffer>().Snapshot }),
            GuestAnswer.Succeeded => Moved(Settled(context, state, member)),
            GuestAnswer.Failed { Fault: var fault } when fault.Kind != GuestProtocol.FaultKind.Transient || IsOver(context, state) =>
                Moved(Left(context, state, member, fault.Message)),
            GuestAnswer.Waiting waiting when IsOver(context, state) =>
                Moved(Left(context, state, member, waiting.Because ?? "It does not answer.")),
            _ => answer.Then(state, _ => state, IsStillThere),
        };
    }

    private async Task<GuestAnswer> OfferAsync(
        StepContext context, TState state, string member, CancellationToken cancellationToken)
    {
        var address = await context.ReadAsync(unit => InstanceRows.Find(unit, member)!.Address!, cancellationToken);
        return await guests.AskAsync(
            context, newMaster(context.Operation, state), new OfferFollowing(member, address), Limit, cancellationToken);
    }

    private static bool IsOver(StepContext context, TState state) => context.Elapsed - state.TurnBegan > Turn;

    private static TState Settled(StepContext context, TState state, string member) =>
        state with { Settled = [.. state.Settled, member], Offer = null, TurnBegan = context.Elapsed };

    private static TState Left(StepContext context, TState state, string member, string why) =>
        Settled(context, state, member) with { Left = new Dictionary<string, string>(state.Left) { [member] = why } };
}
