using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dbaas.Testing.Services;

/// <summary>
/// A control plane of many nodes as real processes on this machine: one database, APIs and task managers that share a plane. Disposing of
/// it removes everything.
/// </summary>
public sealed class RunningNodes : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly List<RunningNode> nodes = [];
    private readonly string home = Directory.CreateTempSubdirectory("dbt").FullName;
    private readonly int identityPort = FreePort.Find();

    private RunningNodes(MariaDbServer database) => Database = database;

    /// <summary>The control database.</summary>
    public MariaDbServer Database { get; }

    /// <summary>Starts a database and an API.</summary>
    public static async Task<RunningNodes> StartAsync()
    {
        var all = new RunningNodes(await MariaDbServer.StartAsync());
        await Sql.RunLocallyAsync(all.Database.SocketPath, "CREATE DATABASE control");
        var settings = all.Settings("api");
        settings["ApiPort"] = FreePort.Find();
        settings["IdentityPort"] = all.identityPort;
        await all.AddAsync(Repository.TroveApi, settings);
        return all;
    }

    /// <summary>Starts a task manager.</summary>
    public Task<RunningNode> AddTaskManagerAsync(string name)
    {
        var settings = Settings(name);
        settings["Agent"] = AgentProgram.Path;
        return AddAsync(Repository.TaskManager, settings);
    }

    /// <summary>A client of the API, logged in.</summary>
    public Task<TroveClient> LogInAsync() => Eventually.SeeAsync(
        "a login", Soon, () => TroveClient.LogInAsync($"http://127.0.0.1:{identityPort}/v3", "alice", "secret", "one"), _ => true);

    /// <summary>Asks the control database.</summary>
    public Task<string> AskAsync(string query) => Sql.RunLocallyAsync(Database.SocketPath, $"USE control; {query}");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        using var purge = Process.Start(new ProcessStartInfo(Repository.Standalone, ["purge", "--state", home]))!;
        await purge.WaitForExitAsync();
        await Database.DisposeAsync();
        if (purge.ExitCode != 0)
        {
            throw new InvalidOperationException($"Removing everything failed with {purge.ExitCode}.");
        }
    }

    private async Task<RunningNode> AddAsync(string program, JsonObject settings)
    {
        var node = RunningNode.Start(program, settings);
        nodes.Add(node);
        await node.AwaitLogAsync($"is the node {settings["NodeName"]}");
        return node;
    }

    private JsonObject Settings(string name) => new()
    {
        ["Home"] = home,
        ["NodeName"] = name,
        ["MasterKey"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        [nameof(Database)] = new JsonArray(Database.ConnectionString("control")),
        ["RateLimitPerMinute"] = 0,
        ["ReportSeconds"] = 1,
        ["Users"] = new JsonArray(new JsonObject { ["Name"] = "alice", ["Password"] = "secret", ["Project"] = "one" }),
    };
}
