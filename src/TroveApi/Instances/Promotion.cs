using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>The action <c>promote_to_replica_source</c>: a slave takes the place of its master, which serves and can be asked.</summary>
internal sealed class Promotion(IDatabase database, InstanceReader reader, Members sets, OperationStart start)
{
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts)
    {
        var id = facts.Instance.Id;
        if (facts.Instance.SlaveOfId is not { } masterId)
        {
            throw FaultException.BadRequest($"Instance {id} is not a replica.");
        }

        var (master, others) = await database.ReadAsync(
            unit => (
                reader.Load(unit, [InstanceRows.Find(unit, masterId)!])[0],
                reader.Load(unit, [.. InstanceRows.SlavesOf(unit, masterId).Where(slave => slave.Id != id)])),
            request.Cancelled);
        IReadOnlyList<InstanceFacts> members = [facts, master, .. others];
        Members.CheckActive(members);
        CheckHealthy(facts);
        CheckHealthy(master);
        var goal = new PromoteGoal(masterId, [.. others.Select(other => other.Instance.Id).Order(StringComparer.Ordinal)]);
        var wish = new OperationWish(OperationKinds.Promote, id, StartMode.WhenReady)
        {
            Goal = JsonSerializer.Serialize(goal),
            OnlyAt = facts.Instance.Version,
            Others = members.Skip(1).ToDictionary(member => member.Instance.Id, member => member.Instance.Version),
        };
        return await start.TryAsync(wish, request.Cancelled)
            ? Answer.Accepted
            : throw await sets.ExplainAsync(request, members);
    }

    private static void CheckHealthy(InstanceFacts facts)
    {
        if (facts.Status.OperatingStatus != "HEALTHY")
        {
            throw FaultException.Unprocessable(
                $"Instance {facts.Instance.Id} is {facts.Status.OperatingStatus}: a master is changed by request while both it and the "
                    + "replica that takes its place are HEALTHY.");
        }
    }
}
