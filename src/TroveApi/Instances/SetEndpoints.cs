using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>The replication set of an instance, its history, and by what its database is known.</summary>
internal sealed class SetEndpoints(IDatabase database, InstanceReader reader, TroveApiOptions options)
{
    /// <summary>The master first, then its slaves. From the last reports: no guest is asked.</summary>
    public async Task<Answer> TopologyAsync(ApiRequest request)
    {
        var members = await database.ReadAsync(
            unit =>
            {
                var asked = reader.Find(unit, request, request.Id("id"));
                var master = asked.Instance.SlaveOfId is { } masterId ? reader.Find(unit, request, masterId) : asked;
                return reader.Load(unit, [master.Instance, .. InstanceRows.SlavesOf(unit, master.Instance.Id)]);
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("topology");
            json.WriteStartArray("members");
            foreach (var member in members)
            {
                json.WriteStartObject();
                json.WriteString("id", member.Instance.Id);
                json.WriteString("name", member.Instance.Name);
                if (member.Instance.SlaveOfId is { } masterId)
                {
                    json.WriteStartObject("mysql");
                    json.WriteStartArray("slave_of");
                    json.WriteStartObject();
                    json.WriteString("id", masterId);
                    json.WriteEndObject();
                    json.WriteEndArray();
                    json.WriteBoolean("read_only", member.Guest?.ReadOnly ?? true);
                    if (member.Guest is { Follows: true, LagSeconds: { } lag })
                    {
                        json.WriteNumber("lag_seconds", lag);
                    }

                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>What clients trust, and nothing else, to talk to this database and no other.</summary>
    public async Task<Answer> CertificateAsync(ApiRequest request)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        var pem = facts.Guest?.Certificate
            ?? throw FaultException.NotFound($"No certificate of instance {facts.Instance.Id} is known: its agent has told none yet.");
        return Answer.Json(json => json.WriteString("certificate", pem));
    }

    public async Task<Answer> HistoryAsync(ApiRequest request)
    {
        var page = request.Page(options.PageSize);
        var id = request.Id("id");
        var entries = await database.ReadAsync(
            unit =>
            {
                _ = reader.Find(unit, request, id);
                return HistoryRows.Of(unit, id, page.Limit + 1, page.Marker);
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("history");
            foreach (var entry in entries.Take(page.Limit))
            {
                json.WriteStartObject();
                json.WriteString("id", entry.Id);
                json.WriteString("time", Times.Format(entry.At));
                json.WriteString("event", entry.Event);
                json.WriteString("step", entry.Step);
                json.WriteString("outcome", entry.Outcome);
                json.WriteString("detail", entry.Detail);
                json.WriteString("operation_id", entry.OperationId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, entries.Count > page.Limit ? entries[page.Limit - 1].Id : null);
        });
    }
}
