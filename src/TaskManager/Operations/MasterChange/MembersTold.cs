using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Operations.MasterChange;

/// <summary>What the history of each member says of a change of master.</summary>
internal static class MembersTold
{
    /// <summary>Of one member.</summary>
    public static void Tell(IUnit unit, IIdSource ids, Operation operation, string instanceId, string detail, long now) =>
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = ids.NewId(),
            InstanceId = instanceId,
            At = now,
            OperationId = operation.Id,
            Event = operation.Kind,
            Step = "new master",
            Outcome = "done",
            Detail = detail,
        });

    /// <summary>
    /// The same of a change that ended midway, when the new master is so by its row: who does not follow it yet says so, since nobody can
    /// ask for that again.
    /// </summary>
    public static void TellUnreached(
        IUnit unit, IIdSource ids, Operation operation, string newMaster, IEnumerable<string> members, MembersState state, long now)
    {
        var all = members.ToList();
        var unreached = all.Except(state.Settled).Select(member => KeyValuePair.Create(member, "It was not reached."));
        TellFollowers(unit, ids, operation, newMaster, all, state with { Left = state.Left.Concat(unreached).ToDictionary() }, now);
    }

    /// <summary>Of those who were to follow: who could not shows that as a fault.</summary>
    public static void TellFollowers(
        IUnit unit, IIdSource ids, Operation operation, string newMaster, IEnumerable<string> members, MembersState state, long now)
    {
        foreach (var member in members)
        {
            var words = $"It follows the new master {newMaster}.";
            if (state.Left.TryGetValue(member, out var why))
            {
                words = $"It does not follow the new master {newMaster}: {why} Delete it, and create another slave.";
                InstanceChanges.SetFault(unit, member, null, words, null, now);
            }

            Tell(unit, ids, operation, member, words, now);
        }
    }
}
