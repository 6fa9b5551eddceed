using Dbaas.GuestProtocol.Commands;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary><c>/instances/{id}/databases</c>.</summary>
internal sealed class DatabaseEndpoints(AccountTargets targets, GuestRequests guests, TroveApiOptions options)
{
    // Behind /v1.0/{tenant}: instances, {id}, databases, {name}.
    private const int NameIndex = 3;

    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var page = request.Page(options.PageSize);
        var (facts, _) = await targets.ToReadAsync(request);
        var found = await guests.AskAsync<DatabasePage>(
            facts.Instance.Id, new ListDatabases(page.Limit, page.Marker), request.Cancelled);
        return Answer.Json(json =>
        {
            AccountViews.WriteDatabases(json, found.Databases);
            Page.WriteNext(json, request, found.NextMarker);
        });
    }

    public async Task<Answer> CreateAsync(ApiRequest request)
    {
        var wanted = AccountBodies.Databases((await request.BodyAsync()).Only("databases")["databases"]);
        var (facts, rules) = await targets.ToWriteAsync(request);
        foreach (var database in wanted)
        {
            rules.NewDatabase(database);
        }

        if (wanted.Count > 0)
        {
            await guests.TellAsync(
                facts.Instance.Id,
                new CreateDatabases(wanted.Select(one => new DatabaseSpec(one.Name, one.CharacterSet, one.Collate)).ToList()),
                request.Cancelled);
        }

        return Answer.Accepted;
    }

    public static Task<Answer> ShowAsync(ApiRequest request) =>
        throw new FaultException(501, "Trove's API has no single database; see the list.");

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var name = request.Name(NameIndex);
        var (facts, rules) = await targets.ToWriteAsync(request);
        rules.Database(name);
        await guests.TellAsync(facts.Instance.Id, new DeleteDatabase(name), request.Cancelled);
        return Answer.Accepted;
    }
}
