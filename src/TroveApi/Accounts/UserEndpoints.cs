using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary><c>/instances/{id}/users</c>.</summary>
internal sealed class UserEndpoints(AccountTargets targets, GuestRequests guests, TroveApiOptions options)
{
    // Behind /v1.0/{tenant}: instances, {id}, users, {user}.
    public const int UserIndex = 3;

    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var page = request.Page(options.PageSize);
        var (facts, _) = await targets.ToReadAsync(request);
        var found = await guests.AskAsync<UserPage>(facts.Instance.Id, new ListUsers(page.Limit, page.Marker), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("users");
            foreach (var user in found.Users)
            {
                json.WriteStartObject();
                AccountViews.WriteUser(json, user);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Page.WriteNext(json, request, found.NextMarker);
        });
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserIndex));
        var (facts, rules) = await targets.ToReadAsync(request);
        rules.User(user.Name);
        var found = await guests.AskAsync<UserInfo>(facts.Instance.Id, new GetUser(user.Name, user.Host), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("user");
            AccountViews.WriteUser(json, found);
            json.WriteEndObject();
        });
    }

    public Task<Answer> CreateAsync(ApiRequest request) =>
        WriteAllAsync(request, (rules, user) => rules.NewUser(user), users => new CreateUsers(users));

    public Task<Answer> ChangePasswordsAsync(ApiRequest request) =>
        WriteAllAsync(request, (rules, user) => rules.User(user), users => new ChangePasswords(users));

    public async Task<Answer> UpdateAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserIndex));
        var wanted = (await request.BodyAsync()).Only("user")["user"].Only("name", "host", "password");
        if (wanted.IsEmpty)
        {
            throw wanted.Bad("does not have enough properties");
        }

        var name = wanted.FindValue("name")?.Text();
        var host = wanted.FindValue("host")?.Text() is { } given ? AccountBodies.Host(given) : null;
        var password = wanted.FindValue("password")?.Text();
        var (facts, rules) = await targets.ToWriteAsync(request);
        rules.User(user.Name);
        if (name is not null)
        {
            rules.NewUserName(name);
        }

        if (host is not null)
        {
            rules.NewHost(host);
        }

        rules.User(new WantedUser(name ?? user.Name, password ?? "unchanged", host ?? user.Host, []));
        await guests.TellAsync(facts.Instance.Id, new UpdateUser(user.Name, user.Host, name, host, password), request.Cancelled);
        return Answer.Accepted;
    }

    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var user = UserId.Parse(request.Name(UserIndex));
        var (facts, rules) = await targets.ToWriteAsync(request);
        rules.User(user.Name);
        await guests.TellAsync(facts.Instance.Id, new DeleteUser(user.Name, user.Host), request.Cancelled);
        return Answer.Accepted;
    }

    private async Task<Answer> WriteAllAsync(
        ApiRequest request, Action<AccountRules, WantedUser> check, Func<IReadOnlyList<UserSpec>, GuestCommand> command)
    {
        var wanted = AccountBodies.Users((await request.BodyAsync()).Only("users")["users"]);
        var (facts, rules) = await targets.ToWriteAsync(request);
        foreach (var user in wanted)
        {
            check(rules, user);
        }

        if (wanted.Count > 0)
        {
            var users = wanted.Select(user => new UserSpec(user.Name, user.Password, user.Host, user.Databases)).ToList();
            await guests.TellAsync(facts.Instance.Id, command(users), request.Cancelled);
        }

        return Answer.Accepted;
    }
}
