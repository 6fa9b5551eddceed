using Dbaas.Identity;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>Whom the API lets in, and how sure it has to be.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private const string Group = """{"configuration": {"name": "g", "values": {"max_connections": 50}, "datastore": {"type": "mariadb"}}}""";
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("GET", "/instances", "red-member", Freshness.ForReading)]
    [InlineData("GET", "/instances", "red-reader", Freshness.ForReading)]
    [InlineData("GET", "/instances", "red-admin", Freshness.ForChanging)]
    [InlineData("GET", "/mgmt/instances", "red-admin", Freshness.ForChanging)]
    [InlineData("POST", "/configurations", "red-member", Freshness.ForChanging)]
    [InlineData("DELETE", "/configurations/none", "red-member", Freshness.ForChanging)]
    [InlineData("PUT", "/configurations/none", "red-admin", Freshness.ForChanging)]
    public async Task A_change_and_what_an_administrator_sees_need_a_fresh_answer_about_the_token(
        string method, string path, string token, Freshness freshness)
    {
        await api.SendAsync(method, path, method is "GET" or "DELETE" ? null : Group, token);

        Assert.Equal((token, freshness), api.Tokens.Asked[^1]);
    }

    [Fact]
    public async Task While_the_identity_is_away_what_is_known_is_read_and_nothing_is_changed()
    {
        api.Tokens.IsAway = freshness => freshness == Freshness.ForChanging;

        (await api.GetAsync("/instances")).Expect(200);
        var refused = await api.PostAsync("/configurations", Group);
        refused.ExpectFault(503, "The identity service cannot be asked at the moment. Please try again.");
        Assert.DoesNotContain("keystone.internal", refused.Body, StringComparison.Ordinal);
        (await api.GetAsync("/mgmt/instances", TestApi.Admin)).ExpectFault(503, "identity service");
        api.Tokens.IsAway = _ => true;
        (await api.GetAsync("/instances")).ExpectFault(503, "identity service");

        api.Tokens.IsAway = _ => false;
        Assert.Empty((await api.GetAsync("/configurations")).Expect(200)["configurations"]!.AsArray());
    }

    [Fact]
    public async Task Who_makes_tokens_up_is_not_asked_about_for_long_and_keeps_nobody_from_using_a_good_one()
    {
        api.Tokens.Knows = token => token == TestApi.Member;
        Reply reply;
        var asked = 0;
        do
        {
            reply = await api.GetAsync("/instances", $"madeup{asked++}");
        }
        while (reply.Status == 401 && asked < 1000);

        reply.ExpectFault(413, "Too many tokens that are nobody's");
        Assert.Equal("60", reply.Headers.RetryAfter!.ToString());
        Assert.InRange(api.Tokens.Asked.Count, 120, 400);
        (await api.GetAsync("/instances")).Expect(200);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_token_for_no_project_may_not_speak_for_one(string method) =>
        (await api.SendAsync(method, "//v1.0/red/instances", null, "none-member"))
            .ExpectFault(403, "User with tenant id None cannot access this resource.");

    [Fact]
    public async Task Versions_are_told_while_the_identity_is_away()
    {
        api.Tokens.IsAway = _ => true;

        (await api.SendAsync("GET", "//", null, null)).Expect(200);
    }
}
