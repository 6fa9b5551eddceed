using Dbaas.GuestProtocol.Commands;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary><c>/instances/{id}/users/{user}/databases</c>: which databases a user has access to.</summary>
internal sealed class AccessEndpoints(AccountTargets targets, GuestRequests guests)
{
    // Behind /v1.0/{tenant}: instances, {id}, users, {user}, databases, {name}.
    private const int DatabaseIndex = 5;

    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserEndpoints.UserIndex));
        var (facts, rules) = await targets.ToReadAsync(request);
        rules.User(user.Name);
        var found = await guests.AskAsync<UserInfo>(facts.Instance.Id, new GetUser(user.Name, user.Host), request.Cancelled);
        return Answer.Json(json => AccountViews.WriteDatabases(json, found.Databases));
    }

    public async Task<Answer> GrantAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserEndpoints.UserIndex));
        var names = AccountBodies.Names((await request.BodyAsync()).Only("databases")["databases"]);
        var (facts, rules) = await targets.ToWriteAsync(request);
        rules.User(user.Name);
        foreach (var name in names)
        {
            rules.Database(name);
        }

        if (names.Count > 0)
        {
            await guests.TellAsync(facts.Instance.Id, new GrantAccess(user.Name, user.Host, names), request.Cancelled);
        }

        return Answer.Accepted;
    }

    public async Task<Answer> RevokeAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserEndpoints.UserIndex));
        var database = request.Name(DatabaseIndex);
        var (facts, rules) = await targets.ToWriteAsync(request);
        rules.User(user.Name);
        rules.Database(database);
        await guests.TellAsync(facts.Instance.Id, new RevokeAccess(user.Name, user.Host, database), request.Cancelled);
        return Answer.Accepted;
    }
}
