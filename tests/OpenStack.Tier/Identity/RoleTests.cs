using System.Text.Json.Nodes;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>What a token's project and roles allow.</summary>
[Collection(KeystoneCollection.Name)]
public sealed class RoleTests(KeystoneFixture service)
{
    [Fact]
    public async Task A_member_reads_and_changes_and_is_no_administrator()
    {
        var user = await service.Accounts.MakeAsync("member");
        var token = await user.LogInAsync();

        Assert.Equal((200, 200), (await service.ReadAsync(user, token), await service.ChangeAsync(user, token)));
        Assert.Equal(401, (await service.SendAsync(HttpMethod.Get, user.ProjectId, "mgmt/instances", token)).Status);
    }

    [Fact]
    public async Task A_reader_only_reads()
    {
        var user = await service.Accounts.MakeAsync("reader");
        var token = await user.LogInAsync();

        Assert.Equal((200, 403), (await service.ReadAsync(user, token), await service.ChangeAsync(user, token)));
    }

    [Fact]
    public async Task Who_has_another_role_in_the_project_may_do_nothing()
    {
        var user = await service.Accounts.MakeAsync("service");
        var token = await user.LogInAsync();

        Assert.Equal((403, 403), (await service.ReadAsync(user, token), await service.ChangeAsync(user, token)));
    }

    [Fact]
    public async Task An_administrator_sees_what_is_everybodys()
    {
        var user = await service.Accounts.MakeAsync("admin");
        var token = await user.LogInAsync();

        Assert.Equal((200, 200), (await service.ReadAsync(user, token), await service.ChangeAsync(user, token)));
        Assert.Equal(200, (await service.SendAsync(HttpMethod.Get, user.ProjectId, "mgmt/instances", token)).Status);
    }

    [Fact]
    public async Task A_project_is_seen_by_its_own_tokens_only()
    {
        var (one, two) = (await service.Accounts.MakeAsync("member"), await service.Accounts.MakeAsync("member"));
        var beside = await service.Accounts.MakeBesideAsync(one, "reader");
        await service.ChangeAsync(one, await one.LogInAsync());

        var (status, body) = await service.SendAsync(HttpMethod.Get, one.ProjectId, "configurations", await two.LogInAsync());

        Assert.Equal(403, status);
        Assert.Equal($"User with tenant id {two.ProjectId} cannot access this resource.", (string?)body!["forbidden"]!["message"]);
        Assert.Single(await GroupsAsync(one));
        Assert.Single(await GroupsAsync(beside));
        Assert.Empty(await GroupsAsync(two));
    }

    [Fact]
    public async Task A_token_for_a_domain_the_system_or_nothing_speaks_for_no_project()
    {
        var user = await service.Accounts.MakeAsync("member");
        await service.Accounts.GrantInDomainAsync(user, "admin");
        var domain = await user.LogInAsync(new JsonObject { ["domain"] = new JsonObject { ["id"] = "default" } });
        var nothing = await user.LogInAsync("unscoped");

        foreach (var token in (string[])[domain, nothing])
        {
            var (status, body) = await service.SendAsync(HttpMethod.Get, user.ProjectId, "instances", token);
            Assert.Equal(403, status);
            Assert.Equal("User with tenant id None cannot access this resource.", (string?)body!["forbidden"]!["message"]);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("gAAAAABrCt7WBsrOAEzo2XtsDtmPQWWBD-6AZn293Mgc2Riw")]
    public async Task What_is_no_token_is_told_where_there_are_some(string? token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Api, "v1.0/any/instances"));
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        using var answer = await http.SendAsync(request, Lab.Cancellation);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal($"Keystone uri=\"{Lab.AuthUrl}\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private async Task<JsonArray> GroupsAsync(LabUser user) =>
        (await service.SendAsync(
            HttpMethod.Get, user.ProjectId, "configurations", await user.LogInAsync())).Body!["configurations"]!.AsArray();
}
