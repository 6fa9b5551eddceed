using System.Diagnostics;
using System.Globalization;
using Dbaas.Galera.Tests.Support;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Galera.Tests;

/// <summary>
/// The programs of the release before this one, which <c>tests/previous-release</c> names, beside ours: on one control database, one plane,
/// and in one set of servers.
/// </summary>
public sealed class RollingUpgradeTests(Cluster cluster) : IAsyncDisposable
{
    private const string Control = "upgrade";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private RunningNodes nodes = null!;

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null)
        {
            await nodes.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_story_goes_on_through_nodes_of_both_releases_in_every_pairing_and_nothing_is_refused_or_lost()
    {
        Assert.SkipWhen(PreviousRelease.WhyNot is not null, PreviousRelease.WhyNot ?? "");
        var previous = PreviousRelease.Programs;
        nodes = await cluster.NewControlPlaneAsync(Control);

        // All are old.
        var oldApi = await nodes.AddApiAsync("api-1", previous);
        var oldTaskManager = await nodes.AddTaskManagerAsync("tm-1", previous);
        var replaced = await nodes.AddTaskManagerAsync("tm-2", previous);
        using var oldUser = await nodes.LogInAsync("root", "api-1");
        await RunningNodes.AwaitFlavorsAsync(oldUser);
        var (master, masterHost) = await oldUser.CreateShopAsync("master", Patience);
        await Sql.RunAsync(masterHost, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY)");
        Tell("all old: a master");

        // A new task manager in the place of one, and a new API: they bring the database to their form while an old agent makes a slave.
        var slave = await oldUser.CreateAsync(new { name = "slave", slave_of = master });
        await EndAsync(replaced);
        var newTaskManager = await nodes.AddTaskManagerAsync("tm-2");
        await nodes.AddApiAsync("api-2");
        using var newUser = await nodes.LogInAsync("root", "api-2");
        var slaveHost = await newUser.AwaitAddressAsync(slave, Patience);
        await WidenAsync();
        using var oldReader = Background.Begin(_ => oldUser.DoAsync(HttpMethod.Get, "instances"));
        using var newReader = Background.Begin(_ => newUser.DoAsync(HttpMethod.Get, "instances"));
        using var writer = Background.Begin(number => Sql.RunAsync(masterHost, "app", "secret", $"INSERT INTO shop.t VALUES ({number})"));
        Tell("new ones beside them: a slave");

        // Old API, new task manager, new agent.
        oldTaskManager.Freeze();
        var (later, laterHost) = await oldUser.CreateShopAsync("later", Patience);
        Assert.NotEqual(await AgentOfAsync(newUser, master), await AgentOfAsync(newUser, later));
        oldTaskManager.Thaw();
        Tell("old API, new task manager, new agent: an instance");

        // New API, old task manager; old agents, and the new one.
        await EndAsync(newTaskManager);
        await newUser.DoAsync(HttpMethod.Post, $"instances/{later}/databases", new { databases = new[] { new { name = "more" } } });
        await newUser.DoAsync(HttpMethod.Post, $"instances/{later}/action", new { restart = new { } });
        var further = await newUser.CreateAsync(new { name = "further", slave_of = master });
        var furtherHost = await oldUser.AwaitAddressAsync(further, Patience);
        await oldUser.AwaitStatusAsync(later, "ACTIVE", Patience);
        await Sql.RunAsync(laterHost, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY)");
        Tell("new API, old task manager, agents of both: a restart and a slave");

        // Old API, old agents, and new task managers, which go on with what the old one was asked for. Each is in the place of an old one:
        // an old agent may know one gateway only, if another one was being replaced when it asked.
        await nodes.AddTaskManagerAsync("tm-2");
        await oldUser.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        await EndAsync(oldTaskManager);
        await nodes.AddTaskManagerAsync("tm-1");
        await oldUser.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (1000000)");
        Tell("old API, new task managers, old agents: a detachment that the old one was asked for");

        await oldReader.EndAsync();
        await EndAsync(oldApi);
        var release = await AgentOfAsync(newUser, later);
        await newUser.DoAsync(HttpMethod.Post, "mgmt/agents/rollout", new { rollout = new { } });
        var rollout = await Eventually.SeeAsync(
            "the rollout is over",
            Patience,
            async () => (await newUser.DoAsync(HttpMethod.Get, "mgmt/agents"))!,
            agents => (string?)agents["rollout"]!["state"] != "RUNNING");
        Assert.True((string?)rollout["rollout"]!["state"] == "FINISHED", rollout.ToJsonString());
        Assert.All(rollout["agents"]!.AsArray(), agent => Assert.Equal(release, (string?)agent!["version"]));
        await newUser.DoAsync(HttpMethod.Post, $"instances/{master}/databases", new { databases = new[] { new { name = "more" } } });
        Tell("all new: the agents too");

        var rows = await writer.EndAsync();
        await Eventually.SeeAsync(
            "all rows on the slave",
            Patience,
            () => Sql.RunAsync(furtherHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            seen => seen == $"{rows}");
        await newReader.EndAsync();
        Assert.Equal("0", await nodes.AskAsync("SELECT COUNT(*) FROM operations WHERE status <> 'Succeeded'"));
        await Task.WhenAll(DeleteAsync(newUser, further), DeleteAsync(newUser, slave), DeleteAsync(newUser, later));
        await DeleteAsync(newUser, master);
        Tell("all are deleted");
    }

    private static async Task EndAsync(RunningNode node)
    {
        node.Terminate();
        Assert.Equal(0, await node.AwaitEndAsync());
    }

    /// <summary>
    /// What the release after ours may do while ours run: a column of each kind that a migration may add, in each table. (Whether ours does
    /// no more than that is for MigrationFormTests.)
    /// </summary>
    private async Task WidenAsync()
    {
        var tables = await nodes.AskAsync($"SELECT table_name FROM information_schema.tables WHERE table_schema = '{Control}'");
        await nodes.AskAsync(string.Join('\n', tables.Split('\n').Select(table =>
            $"ALTER TABLE {table} ADD COLUMN later_one VARCHAR(64) NULL, ADD COLUMN later_two BIGINT NOT NULL DEFAULT 7;")));
    }

    private static async Task DeleteAsync(TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    private static async Task<string> AgentOfAsync(TroveClient admin, string id) =>
        (await admin.ShowAsync(id))["agent"]!["version"]!.GetValue<string>();

    private void Tell(string what)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rolling upgrade: {watch.Elapsed.TotalSeconds,5:0.0} s  {what}"));
        watch.Restart();
    }
}
