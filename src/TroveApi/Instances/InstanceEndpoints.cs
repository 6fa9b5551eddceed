using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Instances as they are: list, detail, show.</summary>
internal sealed class InstanceEndpoints(IDatabase database, InstanceReader reader, InstanceView view, TroveApiOptions options)
{
    public Task<Answer> ListAsync(ApiRequest request) => ListAsync(request, request.Tenant, isDetailed: false);

    public Task<Answer> DetailAsync(ApiRequest request) => ListAsync(request, request.Tenant, isDetailed: true);

    public async Task<Answer> ShowAsync(ApiRequest request) =>
        view.One(request, await reader.FindToShowAsync(request, request.Id("id")));

    private async Task<Answer> ListAsync(ApiRequest request, string tenant, bool isDetailed)
    {
        var page = request.Page(options.PageSize);
        var found = await database.ReadAsync(
            unit =>
            {
                // One more than asked for says whether there is a next page.
                var rows = InstanceLists.Page(unit, tenant, page.Marker, page.Limit + 1);
                return (HasMore: rows.Count > page.Limit, Facts: reader.LoadFor(request, unit, rows.Take(page.Limit).ToList()));
            },
            request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("instances");
            foreach (var facts in NewestFirst(found.Facts))
            {
                view.Write(json, request, facts, isDetailed);
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, found.HasMore ? found.Facts[^1].Instance.Id : null);
        });
    }

    /// <summary>As lists are shown, whatever order their pages come in.</summary>
    public static IEnumerable<InstanceFacts> NewestFirst(IReadOnlyList<InstanceFacts> facts) =>
        facts.OrderByDescending(one => one.Instance.Created).ThenByDescending(one => one.Instance.Id, StringComparer.Ordinal);
}
