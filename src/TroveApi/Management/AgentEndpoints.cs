using System.Text.Json;
using Dbaas.Domain.Guests;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Management;

/// <summary>
/// <c>/mgmt/agents</c>: which release instances' agents are, and bringing all of them to the one that the control plane has.
/// </summary>
internal sealed class AgentEndpoints(IDatabase database, TroveApiOptions options, TimeProvider time)
{
    private const int DefaultWave = 5;
    private const int LargestWave = 1000;

    public async Task<Answer> ListAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var page = request.Page(options.PageSize);
        var (release, rollout, members, rows, agents) = await database.ReadAsync(
            unit =>
            {
                var found = InstanceLists.Page(unit, tenantId: null, page.Marker, page.Limit + 1, deleted: false);
                return (
                    AgentReleaseRows.Find(unit),
                    RolloutRows.Find(unit),
                    RolloutRows.Members(unit).ToDictionary(member => member.InstanceId),
                    found,
                    GuestRows.FindAgents(unit, found.Select(row => row.Id)).ToDictionary(agent => agent.InstanceId));
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            WriteRelease(json, release);
            WriteRollout(json, rollout);
            json.WriteStartArray("agents");
            foreach (var row in rows.Take(page.Limit))
            {
                var agent = agents.GetValueOrDefault(row.Id);
                json.WriteStartObject();
                json.WriteString("instance_id", row.Id);
                json.WriteString("name", row.Name);
                json.WriteString("tenant_id", row.TenantId);
                json.WriteString("version", agent?.AgentVersion);
                json.WriteNumber("protocol", agent?.Protocol ?? 0);
                json.WriteBoolean("current", agent is not null && agent.AgentVersion == release?.Version);
                if (members.TryGetValue(row.Id, out var member))
                {
                    json.WriteNumber("wave", member.Wave);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, rows.Count > page.Limit ? rows[page.Limit - 1].Id : null);
        });
    }

    /// <summary>All agents are to be brought to the release: the first one alone, the others in waves.</summary>
    public async Task<Answer> BeginAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var size = (await request.BodyAsync()).Only("rollout")["rollout"].Only("wave_size").FindValue("wave_size")?.Number(1, LargestWave)
            ?? DefaultWave;
        var release = await database.ReadAsync(AgentReleaseRows.Find, request.Cancelled)
            ?? throw FaultException.Unprocessable("There is no release of the agent to roll out.");
        return await database.WriteAsync(unit => RolloutRows.TryBegin(unit, release, size, Now), request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.Unprocessable("A rollout is under way: stop it, or wait for its end.");
    }

    /// <summary>No further wave. The upgrades that are under way go on.</summary>
    public async Task<Answer> StopAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var rollout = await database.ReadAsync(RolloutRows.Find, request.Cancelled);
        return await database.WriteAsync(
            unit => RolloutRows.TryEnd(unit, rollout.Number, RolloutState.Stopped, "An administrator stopped it.", Now), request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.NotFound("No rollout is under way.");
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void WriteRelease(Utf8JsonWriter json, AgentRelease? release)
    {
        if (release is null)
        {
            json.WriteNull("release");
            return;
        }

        json.WriteStartObject("release");
        json.WriteString("version", release.Version);
        json.WriteString("sha256", release.Sha256);
        json.WriteNumber("size", release.Size);
        json.WriteEndObject();
    }

    private static void WriteRollout(Utf8JsonWriter json, AgentRollout rollout)
    {
        if (rollout.Number == 0)
        {
            json.WriteNull("rollout");
            return;
        }

        json.WriteStartObject("rollout");
        json.WriteString("version", rollout.Version);
        json.WriteString("state", rollout.State.ToString().ToUpperInvariant());
        json.WriteString("detail", rollout.Detail);
        json.WriteNumber("wave", rollout.Wave);
        json.WriteNumber("wave_size", rollout.WaveSize);
        json.WriteString("started", Times.Format(rollout.Started));
        json.WriteString("ended", rollout.Ended is { } ended ? Times.Format(ended) : null);
        json.WriteEndObject();
    }
}
