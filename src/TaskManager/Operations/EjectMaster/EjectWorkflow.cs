using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.MasterChange;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>
/// A master that does not answer leaves its set, and a slave takes its place. The operation owns all members. Until the successor is asked
/// to become the master everything goes back by itself; from then on the former master stays off. At no time do two accept writes.
/// </summary>
public static class EjectWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<EjectState> Define(ICompute compute, GuestCommands guests, IIdSource ids) => new()
    {
        Kind = OperationKinds.EjectMaster,
        Steps =
        [
            new FenceMaster(compute),
            new StopReceivers(guests),
            new ChooseSuccessor(guests),
            new TakeOver(guests),
            new ChangeRoles<EjectState>(Change),
            new PointMembers<EjectState>(guests, (_, state) => state.Successor!, Followers),
        ],
        Begin = _ => new EjectState(),
        OnSucceeded = (unit, operation, state, now) => Tell(unit, ids, operation, state, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The ejection failed: {fault.Message} It stays the master.", fault.Details, now),

        OnAbandoned = (unit, operation, state, fault, now) => Abandon(unit, ids, operation, state, fault, now),
    };

    internal static EjectGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<EjectGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    /// <summary>Whoever does not answer.</summary>
    internal static IEnumerable<string> Lost(Operation operation) => GoalOf(operation).Away.Prepend(operation.InstanceId);

    private static RoleChange Change(Operation operation, EjectState state) => new(
        state.Successor!,
        operation.InstanceId,
        [.. Followers(operation, state).Concat(GoalOf(operation).Away)],
        StaysMember: false);

    private static IEnumerable<string> Followers(Operation operation, EjectState state) =>
        GoalOf(operation).Slaves.Where(slave => slave != state.Successor);

    // Whoever asks again goes on from there. But if that goes back, it must not start those whose place the successor may have by now:
    // that they are Broken is what it is told by.
    private static void Abandon(IUnit unit, IIdSource ids, Operation operation, EjectState state, OperationFault fault, long now)
    {
        if (!state.Asked)
        {
            Abandonment.Tell(unit, operation, fault, now);
            return;
        }

        var words = $"{fault.Message} {state.Successor} may take writes by now, so this server stays off. Ask for the ejection again.";
        Abandonment.Tell(unit, operation, fault with { Message = words }, now);
        foreach (var lost in Lost(operation))
        {
            InstanceChanges.SetBroken(unit, lost);
        }

        if (InstanceRows.Find(unit, state.Successor!) is { SlaveOfId: null })
        {
            MembersTold.TellUnreached(unit, ids, operation, state.Successor!, Followers(operation, state), state, now);
        }
    }

    private static void Tell(IUnit unit, IIdSource ids, Operation operation, EjectState state, long now)
    {
        var successor = state.Successor!;
        var because = GoalOf(operation).Because is { } seen ? $"{seen} So it" : "It";
        Leave(operation.InstanceId, $"{because} was ejected, and its server switched off: {successor} is the master in its place. "
            + "What it took and had not sent is on its volume only. Delete it, or have it rebuilt as an instance of its own.");
        foreach (var away in GoalOf(operation).Away)
        {
            Leave(away, "It did not answer when its master was ejected, and its server was switched off: it does not follow the new "
                + $"master {successor}. Delete it, and create another slave.");
        }

        MembersTold.Tell(unit, ids, operation, successor, $"It is the master in place of {operation.InstanceId}, which was ejected.", now);
        MembersTold.TellFollowers(unit, ids, operation, successor, Followers(operation, state), state, now);

        void Leave(string instanceId, string words)
        {
            InstanceChanges.SetFault(unit, instanceId, Lifecycle.Broken, words, null, now);
            MembersTold.Tell(unit, ids, operation, instanceId, words, now);
        }
    }
}
