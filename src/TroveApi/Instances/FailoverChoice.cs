using Dbaas.Domain;
using Dbaas.Domain.Sets;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// What becomes of a replica set whose master does not answer any more: <c>failover</c>, which is asked for by any of its members.
/// </summary>
internal sealed class FailoverChoice(IDatabase database, InstanceReader reader, IIdSource ids, TimeProvider time)
{
    // What was seen may have changed when it is acted on: look again, but not for ever.
    private const int MostTries = 5;

    /// <exception cref="FaultException">It is neither word.</exception>
    public static FailoverPolicy Read(JsonField field) => field.Text(64) switch
    {
        "automatic" => FailoverPolicy.Automatic,
        "manual" => FailoverPolicy.Manual,
        _ => throw field.Bad("is neither 'automatic' nor 'manual'"),
    };

    public static string Word(FailoverPolicy policy) => policy == FailoverPolicy.Automatic ? "automatic" : "manual";

    public async Task SetAsync(ApiRequest request, string id, FailoverPolicy policy, string? name)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            var member = (await reader.FindAsync(request, id)).Instance;
            var master = member.SlaveOfId is { } masterId ? (await reader.FindAsync(request, masterId)).Instance : member;
            if (master.SlaveCount == 0)
            {
                throw FaultException.Unprocessable($"Instance {id} has no replica that could take its place: create one first.");
            }

            var (newId, now) = (ids.NewId(), time.GetUtcNow().ToUnixTimeMilliseconds());
            var isDone = await database.WriteAsync(
                unit =>
                {
                    if (!InstanceChanges.TryTouch(unit, master.Id, master.Version, now))
                    {
                        return false;
                    }

                    ReplicaSetRows.SetFailover(unit, master.Id, policy, newId);
                    if (name is not null)
                    {
                        InstanceChanges.SetName(unit, id, name, now);
                    }

                    return true;
                },
                request.Cancelled);
            if (isDone)
            {
                return;
            }
        }

        throw FaultException.NotAvailable(id, "changing");
    }
}
