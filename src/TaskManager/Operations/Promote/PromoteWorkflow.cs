using System.Globalization;
using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

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
            new ChangeRoles(),
            new PointMembers(guests),
        ],
        Begin = _ => new PromoteState(),
        OnSucceeded = (unit, operation, state, now) => Tell(unit, ids, operation, state, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The promotion failed: {fault.Message} The master stays what it was.", fault.Details, now),
    };

    internal static PromoteGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<PromoteGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    /// <summary>All that are to follow the new master; the former one comes last.</summary>
    internal static IEnumerable<string> Members(PromoteGoal goal) => goal.Others.Append(goal.MasterId);

    private static void Tell(IUnit unit, IIdSource ids, Operation operation, PromoteState state, long now)
    {
        var goal = GoalOf(operation);
        var away = ((state.Serves - state.Stopped) / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
        Add(operation.InstanceId, $"It is the master in place of {goal.MasterId}. Writes were away for {away} s.");
        foreach (var member in Members(goal))
        {
            if (state.Left.TryGetValue(member, out var why))
            {
                var words = $"It does not follow the new master {operation.InstanceId}: {why} Delete it, and create another slave.";
                InstanceChanges.SetFault(unit, member, null, words, null, now);
                Add(member, words);
                continue;
            }

            Add(member, $"It follows the new master {operation.InstanceId}.");
        }

        void Add(string instanceId, string detail) => HistoryRows.Add(unit, new HistoryEntry
        {
            Id = ids.NewId(),
            InstanceId = instanceId,
            At = now,
            OperationId = operation.Id,
            Event = OperationKinds.Promote,
            Step = "new master",
            Outcome = "done",
            Detail = detail,
        });
    }
}
