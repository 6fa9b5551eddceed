using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;
using Xunit;

namespace Dbaas.Stories;

/// <summary>
/// The life of a replicated pair, through the HTTP API and ordinary MySQL connections only: the same on every plane. Each chapter's
/// duration is printed. What the plane has left at the end is for the caller to look at.
/// </summary>
/// <param name="trove">A user.</param>
/// <param name="admin">An administrator.</param>
/// <param name="options">What differs from plane to plane.</param>
public sealed class LifeStory(TroveClient trove, TroveClient admin, StoryOptions options)
{
    private const string User = "app";
    private const string Password = "secret";

    // When the server began, by its own clock.
    private const string BeganAt =
        "SELECT UNIX_TIMESTAMP() - VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME'";

    private string master = "";
    private string slave = "";
    private string masterHost = "";
    private string slaveHost = "";

    /// <summary>The instances, once they were asked for.</summary>
    public IReadOnlyList<string> Instances => [.. new[] { master, slave }.Where(id => id.Length > 0)];

    /// <summary>From the first request to the last instance's end.</summary>
    public async Task TellAsync()
    {
        await ChapterAsync("create", CreateAsync);
        await ChapterAsync("slave", AddSlaveAsync);
        await ChapterAsync("resize volume", ResizeVolumeAsync);
        await ChapterAsync("resize flavor", ResizeFlavorAsync);
        await ChapterAsync("restart", RestartAsync);
        await ChapterAsync("rebuild", RebuildAsync);
        await ChapterAsync("detach", DetachAsync);
        await ChapterAsync("delete", DeleteAsync);
    }

    private async Task CreateAsync()
    {
        // A service that has just begun has not asked a cloud for them yet.
        await Eventually.SeeAsync(
            $"flavor {options.Flavor} is on offer",
            options.Patience,
            () => trove.SendAsync(HttpMethod.Get, $"flavors/{options.Flavor}"),
            seen => seen.Status == 200);
        master = await trove.CreateAsync(new
        {
            name = "story-master",
            flavorRef = options.Flavor,
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = User, password = Password, databases = new[] { new { name = "shop" } } } },
        });
        masterHost = HostOf(await ActiveAsync(master));
        await RunAsync(masterHost, "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
    }

    private async Task AddSlaveAsync()
    {
        slave = await trove.CreateAsync(new { name = "story-slave", replica_of = master });
        var shown = await ActiveAsync(slave);
        slaveHost = HostOf(shown);
        Assert.Equal(master, shown["replica_of"]!["id"]!.GetValue<string>());
        await ReplicatesAsync(2);
        await Assert.ThrowsAsync<SqlFailedException>(() => RunAsync(slaveHost, "INSERT INTO shop.t VALUES (99)"));
    }

    private async Task ResizeVolumeAsync()
    {
        await ActAsync(master, new { resize = new { volume = new { size = 2 } } });
        foreach (var id in Instances)
        {
            Assert.Equal(2, (await ActiveAsync(id))["volume"]!["size"]!.GetValue<int>());
        }

        await ReplicatesAsync(3);
    }

    private async Task ResizeFlavorAsync()
    {
        var before = await NumberAsync("SELECT @@innodb_buffer_pool_size");
        await ActAsync(master, new { resize = new { flavorRef = options.LargerFlavor } });
        Assert.Equal(options.LargerFlavor, (await ActiveAsync(master))["flavor"]!["id"]!.GetValue<string>());
        Assert.True(await NumberAsync("SELECT @@innodb_buffer_pool_size") > before, "The database has the memory of its old flavor still.");
        await ReplicatesAsync(4);
    }

    private async Task RestartAsync()
    {
        var before = await NumberAsync(BeganAt);
        await ActAsync(master, new { restart = new { } });
        await ActiveAsync(master);
        Assert.True(await NumberAsync(BeganAt) > before, "The database was not restarted.");
        await ReplicatesAsync(5);
    }

    /// <summary>Another server, from the image, with the data and the role that are on the volume.</summary>
    private async Task RebuildAsync()
    {
        var before = await NumberAsync(BeganAt);
        await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{master}/action", new { rebuild = new { } });
        Assert.Equal(masterHost, HostOf(await ActiveAsync(master)));
        Assert.True(await NumberAsync(BeganAt) > before, "The database is not a new server's.");
        await ReplicatesAsync(6);
    }

    private async Task DetachAsync()
    {
        await ActAsync(slave, new { detach_replication = new { } });
        Assert.Null((await ActiveAsync(slave))["replica_of"]);
        Assert.Null((await ActiveAsync(master))["replicas"]);
        await RunAsync(slaveHost, "INSERT INTO shop.t VALUES (7)");
        await RunAsync(masterHost, "INSERT INTO shop.t VALUES (8)");
        Assert.Equal("1\n2\n3\n4\n5\n6\n7", await RunAsync(slaveHost, "SELECT id FROM shop.t ORDER BY id"));
        Assert.Equal("1\n2\n3\n4\n5\n6\n8", await RunAsync(masterHost, "SELECT id FROM shop.t ORDER BY id"));
    }

    private async Task DeleteAsync()
    {
        foreach (var id in Instances)
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        }

        foreach (var id in Instances)
        {
            await trove.AwaitGoneAsync(id, options.Patience);
        }
    }

    private static async Task ChapterAsync(string name, Func<Task> tell)
    {
        var watch = Stopwatch.StartNew();
        await tell();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"story: {name} {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    private Task<JsonNode> ActiveAsync(string id) => trove.AwaitStatusAsync(id, "ACTIVE", options.Patience);

    private async Task ActAsync(string id, object action) => await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", action);

    /// <summary>A new row of the master's arrives at the slave.</summary>
    private async Task ReplicatesAsync(int row)
    {
        await RunAsync(masterHost, $"INSERT INTO shop.t VALUES ({row})");
        await Eventually.SeeAsync(
            $"row {row} on the slave",
            options.Patience,
            () => RunAsync(slaveHost, "SELECT MAX(id), COUNT(*) FROM shop.t"),
            seen => seen == $"{row}\t{row}");
    }

    private async Task<decimal> NumberAsync(string query) => decimal.Parse(await RunAsync(masterHost, query), CultureInfo.InvariantCulture);

    private static Task<string> RunAsync(string host, string statements) => Sql.RunAsync(host, User, Password, statements);

    private static string HostOf(JsonNode instance) => instance["ip"]![0]!.GetValue<string>();
}
