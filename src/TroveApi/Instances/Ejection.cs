using System.Text.Json;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// The action <c>eject_replica_source</c>: a master that does not answer leaves its set, and one of its slaves takes its place. With
/// <c>force</c>, which Trove does not know, slaves that do not answer either are left behind.
/// </summary>
internal sealed class Ejection(
    IDatabase database, InstanceReader reader, Members sets, OperationStart start, TroveApiOptions options)
{
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, JsonField how)
    {
        var id = facts.Instance.Id;
        var isForced = how.Object().Only("force").FindValue("force") is { } force && force.Flag();
        var slaves = await database.ReadAsync(unit => reader.Load(unit, InstanceRows.SlavesOf(unit, id)), request.Cancelled);
        if (slaves.Count == 0)
        {
            throw FaultException.BadRequest($"Instance {id} is not a replica source.");
        }

        if (facts.Guest?.Answers(options.SilentAfter) == true)
        {
            throw FaultException.BadRequest(
                $"Replica Source {id} cannot be ejected as it has a current heartbeat. Promote one of its replicas instead.");
        }

        Members.CheckActive(slaves);
        var all = slaves.ToLookup(slave => slave.Guest?.IsHealthy(options.SilentAfter) == true);
        string[] here = [.. all[true].Select(slave => slave.Instance.Id).Order(StringComparer.Ordinal)];
        string[] away = [.. all[false].Select(slave => slave.Instance.Id).Order(StringComparer.Ordinal)];
        CheckEnough(id, here, away, isForced);
        var wish = new OperationWish(OperationKinds.EjectMaster, id, StartMode.WhenCreated)
        {
            Goal = JsonSerializer.Serialize(new EjectGoal(here, away)),
            OnlyAt = facts.Instance.Version,
            Others = slaves.ToDictionary(slave => slave.Instance.Id, slave => slave.Instance.Version),
        };
        return await start.TryAsync(wish, request.Cancelled)
            ? Answer.Accepted
            : throw await sets.ExplainAsync(request, [facts, .. slaves]);
    }

    private static void CheckEnough(string id, string[] here, string[] away, bool isForced)
    {
        if (here.Length == 0)
        {
            throw FaultException.Unprocessable($"No replica of {id} answers: there is nobody to take its place.");
        }

        if (away.Length > 0 && !isForced)
        {
            throw FaultException.Unprocessable(
                $"Replica {away[0]} does not answer, and may have transactions that no other has. Wait until it does, or ask with "
                    + "\"force\": true: then they may be lost, it is switched off and left behind.");
        }
    }
}
