using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary>
/// <c>/mgmt/instances</c>: what administrators see of any project's instances. From rows only: no guest and no cloud is asked.
/// </summary>
internal sealed class ManagementEndpoints(IDatabase database, InstanceReader reader, ManagementView view, TroveApiOptions options)
{
    /// <summary>Any project's, or all; deleted ones when asked for.</summary>
    public async Task<Answer> ListAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var page = request.Page(options.PageSize);
        var project = request.Query("project_id") is { Length: > 0 } given ? given : null;
        var isDeleted = request.Flag("deleted");
        var (rows, facts) = await database.ReadAsync(
            unit =>
            {
                // One more than asked for says whether there is a next page.
                var found = InstanceLists.Page(unit, project, page.Marker, page.Limit + 1, isDeleted);
                return (found, reader.LoadFor(request, unit, found.Take(page.Limit).ToList()));
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("instances");
            foreach (var one in InstanceEndpoints.NewestFirst(facts))
            {
                view.Write(json, request, one);
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, rows.Count > page.Limit ? facts[^1].Instance.Id : null);
        });
    }

    /// <summary>One, a deleted one too.</summary>
    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var id = request.Id("id");
        var facts = await database.ReadAsync(
            unit => reader.LoadFor(request, unit, [InstanceRows.Find(unit, id) ?? throw FaultException.NoSuch(id)])[0], request.Cancelled);
        return Answer.Json(json =>
        {
            json.WritePropertyName("instance");
            view.Write(json, request, facts);
        });
    }

    /// <summary>
    /// When root was last enabled, and by whom. Its disabling changes nothing: whoever had it may have left something behind.
    /// </summary>
    public async Task<Answer> RootAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        var id = request.Id("id");
        var enabled = await database.ReadAsync(
            unit =>
            {
                _ = reader.Find(unit, request, id);
                return HistoryRows.Last(unit, id, RootEndpoints.Enabled);
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("root_history");
            json.WriteString("id", id);
            json.WriteString("enabled", enabled is null ? "Never" : Times.Format(enabled.At));
            json.WriteString("user", enabled?.Detail ?? "Nobody");
            json.WriteEndObject();
        });
    }
}
