using System.Net;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

public sealed class HealthTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbh");
    private readonly HttpClient http = new();
    private readonly int healthPort = FreePort.Find();
    private MariaDbServer database = null!;
    private RunningNode node = null!;
    private string api = "";

    private string Health => $"http://127.0.0.1:{healthPort}";

    public async ValueTask InitializeAsync()
    {
        database = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(database.SocketPath, "CREATE DATABASE control");
        var settings = NodeSettings.Api(folder.FullName, "one", database.ConnectionString("control"));
        settings["HealthPort"] = healthPort;
        settings["UnreadySeconds"] = 3;
        api = $"http://127.0.0.1:{settings["ApiPort"]}";
        node = RunningNode.Start(Repository.TroveApi, settings);
        await Eventually.HoldsAsync("it is ready", Soon, async () => await AskAsync(api, "readiness") == HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await node.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_node_is_not_ready_while_its_database_is_away_and_lives()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Health, "readiness"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(Health, "v1.0"));

        await database.KillAsync();

        await Eventually.HoldsAsync("it is not", Soon, async () => await AskAsync(api, "readiness") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(api, "healthcheck"));
        await database.StartAgainAsync();
        await Eventually.HoldsAsync("it is again", Soon, async () => await AskAsync(api, "readiness") == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_node_that_was_told_to_stop_says_that_it_is_not_ready_and_serves_on_for_a_while_and_its_row_is_gone()
    {
        node.Terminate();

        await Eventually.HoldsAsync("it is not", Soon, async () => await AskAsync(api, "readiness") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(api, ""));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(api, "healthcheck"));
        Assert.Equal(0, await node.AwaitEndAsync());
        Assert.Equal("0", await Sql.RunLocallyAsync(database.SocketPath, "SELECT COUNT(*) FROM control.nodes"));
    }

    private async Task<HttpStatusCode> AskAsync(string root, string path)
    {
        using var answer = await http.GetAsync(new Uri($"{root}/{path}"), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
