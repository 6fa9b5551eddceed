using System.Globalization;
using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.MasterChange;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>
/// A planned change of master. The operation owns all members. Until the slave is asked to become the master everything goes back by
/// itself; while it is being made one, whoever may write is decided by whether it can be made to follow again; after that there is only
/// forward. At no time do two accept writes.
/// </summary>
public static class PromoteWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<PromoteState> Define(GuestCommands guests, IIdSource ids) => new()
    {
        Kind = OperationKinds.Promote,
        Steps =
        [
            new CatchUp(guests),
            new StopMasterWrites(guests),
            new ReachEnd(guests),
            new BecomeMaster(guests),
            new ChangeRoles<PromoteState>((operation, _) => Change(operation.InstanceId, GoalOf(operation))),
            new PointMembers<PromoteState>(
                guests, (operation, _) => operation.InstanceId, (operation, _) => Members(GoalOf(operation))),
        ],
        Begin = _ => new PromoteState(),
        OnSucceeded = (unit, operation, state, now) => Tell(unit, ids, operation, state, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The promotion failed: {fault.Message} The master stays what it was.", fault.Details, now),
        OnAbandoned = (unit, operation, state, fault, now) => Abandon(unit, ids, operation, state, fault, now),
    };

    internal static PromoteGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<PromoteGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    /// <summary>All that are to follow the new master; the former one comes last.</summary>
    internal static IEnumerable<string> Members(PromoteGoal goal) => goal.Others.Append(goal.MasterId);

    private static RoleChange Change(string newMaster, PromoteGoal goal) => new(newMaster, goal.MasterId, goal.Others, StaysMember: true);

    private static void Abandon(IUnit unit, IIdSource ids, Operation operation, PromoteState state, OperationFault fault, long now)
    {
        if (InstanceRows.Find(unit, operation.InstanceId) is not { SlaveOfId: null })
        {
            Abandonment.Break(unit, operation, fault, now);
            return;
        }

        // The new master serves, whatever became of the others.
        Abandonment.Tell(unit, operation, fault, now);
        MembersTold.TellUnreached(unit, ids, operation, operation.InstanceId, Members(GoalOf(operation)), state, now);
    }

    private static void Tell(IUnit unit, IIdSource ids, Operation operation, PromoteState state, long now)
    {
        var goal = GoalOf(operation);
        var away = ((state.Serves - state.Stopped) / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
        var words = $"It is the master in place of {goal.MasterId}. Writes were away for {away} s.";
        MembersTold.Tell(unit, ids, operation, operation.InstanceId, words, now);
        MembersTold.TellFollowers(unit, ids, operation, operation.InstanceId, Members(goal), state, now);
    }
}
