using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

public sealed class DatabaseAwayTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbh");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task While_the_database_is_away_the_API_says_so_and_when_and_it_serves_again_by_itself()
    {
        await using var database = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(database.SocketPath, "CREATE DATABASE control");
        var settings = NodeSettings.Api(folder.FullName, "one", database.ConnectionString("control"));
        await using var node = RunningNode.Start(Repository.TroveApi, settings);
        await node.AwaitLogAsync("is the node one");
        using var trove = await LogInAsync(settings);
        Assert.Equal(200, (await trove.SendAsync(HttpMethod.Get, "instances")).Status);

        await database.KillAsync();
        using var away = await AskAsync(trove, settings);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), away.Headers.RetryAfter?.Delta);
        Assert.Contains("database does not answer", await away.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        await database.StartAgainAsync();
        await Eventually.HoldsAsync(
            "the API serves again", Soon, async () => (await trove.SendAsync(HttpMethod.Get, "instances")).Status == 200);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<TroveClient> LogInAsync(JsonObject settings) =>
        Eventually.SeeAsync(
            "a login",
            Soon,
            () => TroveClient.LogInAsync($"http://127.0.0.1:{settings["IdentityPort"]}/v3", "alice", "secret", "one"),
            _ => true);

    private static async Task<HttpResponseMessage> AskAsync(TroveClient trove, JsonObject settings)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Auth-Token", trove.Token);
        return await http.GetAsync(
            new Uri($"http://127.0.0.1:{settings["ApiPort"]}/v1.0/{trove.ProjectId}/instances"), HttpCompletionOption.ResponseContentRead);
    }
}
