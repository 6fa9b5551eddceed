using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// <c>PUT</c> and <c>PATCH /instances/{id}</c>: a new name; taking a slave off its master; its configuration group; who may reach it;
/// whether it can be deleted; what becomes of its set when the master does not answer.
/// </summary>
internal sealed class UpdateEndpoint(
    IDatabase database, InstanceReader reader, Detach detach, ConfigurationAttachment configuration, ReadyOnly ready,
    FailoverChoice failover, TimeProvider time)
{
    private static readonly string[] Masters = ["replica_of", "slave_of", "slaveOf"];
    private static readonly string[] Others =
        ["configuration", "datastore_version", "access", "point_in_time_recovery", "deletion_protection", "failover"];

    // What was seen may have changed when it is acted on: look again, but not for ever.
    private const int MostTries = 5;

    public async Task<Answer> UpdateAsync(ApiRequest request)
    {
        var wanted = (await request.BodyAsync()).Only("instance")["instance"]
            .Only(["name", .. Others, .. Masters]);
        var facts = await reader.FindAsync(request, request.Id("id"));
        var name = wanted.Find("name") is { } field ? InstanceName.Read(field) : null;
        var isDetach = Masters.Any(master => wanted.Find(master) is not null);
        RefuseWhatIsNotThereYet(wanted, isDetach);
        if (isDetach)
        {
            return await detach.StartAsync(request, facts, name);
        }

        if (GroupNamedBy(wanted) is { } group)
        {
            return await configuration.AttachAsync(request, facts, group, name);
        }

        // Trove means that by an empty object, too.
        if (facts.Instance.ConfigurationId is not null && (wanted.IsEmpty || wanted.Find("configuration") is not null))
        {
            return await configuration.DetachAsync(request, facts, name);
        }

        if (AccessField.Read(wanted) is { } access)
        {
            return await ready.StartAsync(
                request,
                facts,
                OperationKinds.UpdateAccess,
                JsonSerializer.Serialize(new UpdateAccessGoal(access.IsPublic, access.AllowedCidrs)),
                name);
        }

        if (wanted.FindValue("deletion_protection") is { } protection)
        {
            await ProtectAsync(request, protection.Flag(), name);
            return Answer.Accepted;
        }

        if (wanted.FindValue("failover") is { } policy)
        {
            await failover.SetAsync(request, facts.Instance.Id, FailoverChoice.Read(policy), name);
            return Answer.Accepted;
        }

        if (wanted.FindValue("point_in_time_recovery")?.Flag() is { } pointInTime)
        {
            await SetPointInTimeAsync(request, facts, pointInTime);
        }

        if (name is not null)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await database.WriteAsync(unit => InstanceChanges.SetName(unit, facts.Instance.Id, name, now), request.Cancelled);
        }

        return Answer.Accepted;
    }

    /// <summary>The archive begins, or ends, by itself; so does the backup that it needs.</summary>
    private async Task SetPointInTimeAsync(ApiRequest request, InstanceFacts facts, bool wanted)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await database.WriteAsync(unit => InstanceChanges.SetPointInTime(unit, facts.Instance.Id, wanted, now), request.Cancelled))
        {
            throw FaultException.Unprocessable(facts.Instance.SlaveOfId is { } master
                ? $"A replica has the log of its source: turn point_in_time_recovery on for {master}."
                : "point_in_time_recovery needs the binary log all the time, which is decided at creation: binary_log 'always'.");
        }
    }

    // Guarded by the row as it was seen, as a deletion is: of the two one is first, and the other one sees it.
    private async Task ProtectAsync(ApiRequest request, bool isProtected, string? name)
    {
        var id = request.Id("id");
        for (var tries = 1; tries <= MostTries; tries++)
        {
            var facts = await reader.FindAsync(request, id);
            if (facts.Operation is { Kind: OperationKinds.DeleteInstance })
            {
                throw FaultException.NotAvailable(id, Busy.Word(facts));
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var isDone = await database.WriteAsync(
                unit =>
                {
                    var isWritten = InstanceChanges.TrySetProtection(unit, id, isProtected, facts.Instance.Version, now);
                    if (isWritten && name is not null)
                    {
                        InstanceChanges.SetName(unit, id, name, now);
                    }

                    return isWritten;
                },
                request.Cancelled);
            if (isDone)
            {
                return;
            }
        }

        throw FaultException.NotAvailable(id, "changing");
    }

    // Null and the empty text name none.
    private static string? GroupNamedBy(JsonField wanted) =>
        wanted.FindValue("configuration") is { } field && !field.IsEmptyText ? References.Of(field) : null;

    private static void RefuseWhatIsNotThereYet(JsonField wanted, bool isDetach)
    {
        var others = Others.Count(name => wanted.Find(name) is not null);
        if (others + (isDetach ? 1 : 0) > 1)
        {
            throw FaultException.BadRequest("Only one attribute (except 'name') is allowed to update.");
        }

        if (wanted.Find("datastore_version") is not null)
        {
            throw FaultException.NotYet("datastore_version");
        }
    }
}
