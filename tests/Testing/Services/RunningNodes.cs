using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dbaas.Testing.Services;

/// <summary>
/// A control plane of many nodes as real processes on this machine: APIs and task managers that share a database and a plane. Disposing of
/// it removes everything.
/// </summary>
public sealed class RunningNodes : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly List<RunningNode> nodes = [];
    private readonly Dictionary<string, int> identityPorts = [];
    private readonly string home = Directory.CreateTempSubdirectory("dbt").FullName;
    private readonly Func<string, Task<string>> ask;
    private readonly (string Name, JsonNode Value)[] more;
    private MariaDbServer? own;

    /// <summary>No node yet.</summary>
    /// <param name="database">A connection string for each node of the control database, which is there and empty.</param>
    /// <param name="ask">Runs statements in it.</param>
    /// <param name="more">Settings of all nodes, beside or instead of those that suit tests.</param>
    public RunningNodes(
        IReadOnlyList<string> database, Func<string, Task<string>> ask, params (string Name, JsonNode Value)[] more) =>
        (Database, this.ask, this.more) = (database, ask, more);

    /// <summary>A connection string for each node of the control database.</summary>
    public IReadOnlyList<string> Database { get; }

    /// <summary>The master key of all nodes, in base64.</summary>
    public static string MasterKey => "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>Starts a database and an API.</summary>
    /// <param name="more">Settings of all nodes, beside or instead of those that suit tests.</param>
    public static async Task<RunningNodes> StartAsync(params (string Name, JsonNode Value)[] more)
    {
        var server = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(server.SocketPath, "CREATE DATABASE control");
        var all = new RunningNodes(
            [server.ConnectionString("control")],
            statements => Sql.RunLocallyAsync(server.SocketPath, $"USE control; {statements}"),
            more)
        {
            own = server,
        };
        await all.AddApiAsync("api");
        return all;
    }

    /// <summary>Starts an API, with an identity of its own that knows the same users.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="release">Whose; null: ours.</param>
    public Task<RunningNode> AddApiAsync(string name, Release? release = null)
    {
        var settings = Settings(name);
        settings["ApiPort"] = FreePort.Find();
        settings["IdentityPort"] = identityPorts[name] = FreePort.Find();
        settings["UnreadySeconds"] = 0;
        return AddAsync((release ?? Release.Ours).TroveApi, settings);
    }

    /// <summary>Starts a task manager.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="release">Whose; null: ours.</param>
    public Task<RunningNode> AddTaskManagerAsync(string name, Release? release = null)
    {
        var settings = Settings(name);
        settings["Agent"] = (release ?? Release.Ours).Agent;
        return AddAsync((release ?? Release.Ours).TaskManager, settings);
    }

    /// <summary>A client of an API, logged in.</summary>
    /// <param name="user">alice, or root, who is an administrator; both are in the same project.</param>
    /// <param name="api">The node's name.</param>
    public Task<TroveClient> LogInAsync(string user = "alice", string api = "api") => Eventually.SeeAsync(
        "a login", Soon, () => TroveClient.LogInAsync($"http://127.0.0.1:{identityPorts[api]}/v3", user, "secret", "one"), _ => true);

    /// <summary>Waits until there are flavors: a task manager that has just begun has not asked its plane for them yet.</summary>
    public static Task AwaitFlavorsAsync(TroveClient trove) => Eventually.SeeAsync(
        "flavors are on offer", Soon, () => trove.SendAsync(HttpMethod.Get, "flavors/7"), seen => seen.Status == 200);

    /// <summary>Asks the control database.</summary>
    public Task<string> AskAsync(string query) => ask(query);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        using var purge = Process.Start(new ProcessStartInfo(Repository.Standalone, ["purge", "--state", home]))!;
        await purge.WaitForExitAsync();
        if (own is not null)
        {
            await own.DisposeAsync();
        }

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

    // Each node prefers another node of the database.
    private JsonObject Settings(string name)
    {
        var settings = new JsonObject
        {
            ["Home"] = home,
            ["NodeName"] = name,
            [nameof(MasterKey)] = MasterKey,
            [nameof(Database)] = new JsonArray(
                [.. Enumerable.Range(nodes.Count, Database.Count).Select(number => (JsonNode)Database[number % Database.Count])]),
            ["RateLimitPerMinute"] = 0,
            ["ReportSeconds"] = 1,
            ["Users"] = new JsonArray(User("alice", "member"), User("root", "admin", "member")),
        };
        foreach (var (setting, value) in more)
        {
            settings[setting] = value.DeepClone();
        }

        return settings;
    }

    private static JsonObject User(string name, params string[] roles) => new()
    {
        ["Name"] = name,
        ["Password"] = "secret",
        ["Project"] = "one",
        ["Roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
    };
}
