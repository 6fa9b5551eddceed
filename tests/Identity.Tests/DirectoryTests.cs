namespace Dbaas.Identity.Tests;

public sealed class DirectoryTests : IAsyncLifetime
{
    private TestIdentity identity = null!;

    public async ValueTask InitializeAsync() => identity = await TestIdentity.StartAsync();

    public ValueTask DisposeAsync() => identity.DisposeAsync();

    [Fact]
    public async Task Versions_are_told_to_everybody()
    {
        Assert.Equal("v3.14", (await identity.SendAsync("GET", "/", null)).Body!["versions"]!["values"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("stable", (await identity.SendAsync("GET", "/v3/", null)).Body!["version"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_user_sees_its_own_projects_and_an_administrator_all()
    {
        var alice = (await identity.LogInAsync("alice", "s3cret")).Token!;
        var root = (await identity.LogInAsync("root", "t0p")).Token!;

        Assert.Equal(["demo", "other"], await NamesAsync("/v3/auth/projects", alice));
        Assert.Equal(["demo"], await NamesAsync("/v3/auth/projects", root));
        Assert.Equal(["demo", "other"], await NamesAsync("/v3/projects", root));
        Assert.Equal(["other"], await NamesAsync("/v3/projects?name=other", root));
        Assert.Equal("other", (await identity.SendAsync("GET", "/v3/projects/p2", root)).Body!["project"]!["name"]!.GetValue<string>());
        Assert.Equal(404, (await identity.SendAsync("GET", "/v3/projects/demo", root)).Status);
        Assert.Equal("alice", (await identity.SendAsync("GET", "/v3/users/u1", alice)).Body!["user"]!["name"]!.GetValue<string>());
        Assert.Equal(404, (await identity.SendAsync("GET", "/v3/users/u2", alice)).Status);
        Assert.Equal(2, (await identity.SendAsync("GET", "/v3/auth/catalog", alice)).Body!["catalog"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("/v3/auth/projects", 401)]
    [InlineData("/v3/projects", 401)]
    [InlineData("/v3/nowhere", 404)]
    public async Task Without_a_token_there_is_nothing_to_see(string path, int status)
    {
        var (code, body) = await identity.SendAsync("GET", path, null);

        Assert.Equal((status, status), (code, body!["error"]!["code"]!.GetValue<int>()));
    }

    private async Task<IEnumerable<string>> NamesAsync(string path, string token) =>
        (await identity.SendAsync("GET", path, token)).Body!["projects"]!.AsArray().Select(project => project!["name"]!.GetValue<string>());
}
