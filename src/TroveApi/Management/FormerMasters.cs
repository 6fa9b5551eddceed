using Dbaas.Domain.Instances;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary>
/// A master that is off is not given a server as long as one of its slaves may have its place: there would be two that take writes. An
/// ejection that could not go on leaves one behind, and its rows do not say who takes writes by now. Only the slaves do.
/// </summary>
internal sealed class FormerMasters(IDatabase database, InstanceReader reader, TroveApiOptions options)
{
    public async Task CheckAsync(ApiRequest request, InstanceFacts facts)
    {
        var id = facts.Instance.Id;
        if (facts.Instance.Lifecycle is not Lifecycle.Broken)
        {
            return;
        }

        // One that was never created to the end has never followed it.
        var slaves = (await database.ReadAsync(unit => reader.Load(unit, InstanceRows.SlavesOf(unit, id)), request.Cancelled))
            .Where(slave => slave.Instance.Lifecycle is Lifecycle.Ready or Lifecycle.Broken);
        if (slaves.FirstOrDefault(slave => slave.Guest?.StandsBy != true || !slave.Guest.Answers(options.SilentAfter)) is { } doubtful)
        {
            throw FaultException.Unprocessable(
                $"Replica {doubtful.Instance.Id} does not say that it stands by for its source {id}: it may have taken its place, and both "
                    + "would take writes. Eject the source, or wait until the replica receives from it.");
        }
    }
}
