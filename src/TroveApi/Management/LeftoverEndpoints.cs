using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Management;

/// <summary>
/// <c>/mgmt/leftovers</c>: what is on the compute plane with our mark and belongs to no instance. An administrator decides about it.
/// </summary>
internal sealed class LeftoverEndpoints(IDatabase database)
{
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var all = await database.ReadAsync(LeftoverRows.All, request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("leftovers");
            foreach (var one in all)
            {
                json.WriteStartObject();
                json.WriteString("kind", one.Kind);
                json.WriteString("key", one.Subject);
                json.WriteString("first_seen", Times.Format(one.FirstSeen));
                json.WriteString("last_seen", Times.Format(one.LastSeen));
                json.WriteString("removal", one.Removal.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>It is to go. Upkeep removes it at its next turn, unless it belongs to an instance by then.</summary>
    public async Task<Answer> RemoveAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var (kind, key) = (request.Id("kind"), request.Id("key"));
        return await database.WriteAsync(unit => LeftoverRows.Want(unit, kind, key), request.Cancelled)
            ? Answer.Accepted
            : throw FaultException.NoSuch(key);
    }
}
