using System.Diagnostics;
using System.Globalization;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Servers that are replaced, with the data that is on their volumes.</summary>
public sealed class RebuildTests(ServiceFixture fixture)
{
    private const string Epoch = "SELECT CONCAT(epoch, ' ', @@server_id) FROM mysql.dbaas_epoch";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Slave_and_master_are_rebuilt_one_after_the_other_and_replication_goes_on_as_before()
    {
        using var trove = await fixture.Service.LogInAsync();
        using var admin = await fixture.Service.LogInAsync("root");
        var (master, host) = await CreateAsync(trove, "rebuilt");
        var (slave, slaveHost) = await AddSlaveAsync(trove, master, "rebuilt-slave");
        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();
        await AddRowAsync(host, 1);
        await AwaitRowsAsync(slaveHost, 1);
        var epoch = await Sql.RunAsync(host, "root", root, Epoch);
        var (agent, slaveAgent) = (AgentOf(master), AgentOf(slave));

        await RebuildAsync(admin, trove, slave);
        Assert.NotEqual(slaveAgent, AgentOf(slave));
        await AddRowAsync(host, 2);
        await AwaitRowsAsync(slaveHost, 2);
        await Assert.ThrowsAsync<SqlFailedException>(() => AddRowAsync(slaveHost, 99));

        await RebuildAsync(admin, trove, master);
        Assert.NotEqual(agent, AgentOf(master));
        await AddRowAsync(host, 3);
        await AwaitRowsAsync(slaveHost, 3);
        Assert.Equal(epoch, await Sql.RunAsync(host, "root", root, Epoch));

        // The new agents know whom they keep, and whom they follow.
        await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await AddRowAsync(slaveHost, 4);
        Assert.Equal("0", await Sql.RunAsync(host, "root", root, "SELECT @@log_bin"));
        await DeleteAsync(trove, slave, master);
    }

    [Fact]
    public async Task A_master_whose_server_vanished_shows_so_and_is_rebuilt_with_its_volume()
    {
        using var trove = await fixture.Service.LogInAsync();
        using var admin = await fixture.Service.LogInAsync("root");
        var (master, host) = await CreateAsync(trove, "vanishes");
        var (slave, slaveHost) = await AddSlaveAsync(trove, master, "stays");
        await AddRowAsync(host, 1);
        await AwaitRowsAsync(slaveHost, 1);

        // The record first: otherwise the plane would start the agent again.
        Directory.Delete(Path.Combine(fixture.Service.StatePath, "local", "servers", master), recursive: true);
        LeftOvers.Processes(master).ToList().ForEach(Kill);

        var lost = await trove.AwaitStatusAsync(master, "ERROR", Patience);
        Assert.Contains("does not exist any more", lost["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(422, (await trove.SendAsync(HttpMethod.Post, $"instances/{master}/action", new { restart = new { } })).Status);

        await RebuildAsync(admin, trove, master);
        Assert.Null((await trove.ShowAsync(master))["fault"]);
        await AwaitRowsAsync(host, 1);
        await AddRowAsync(host, 2);
        await AwaitRowsAsync(slaveHost, 2);
        await DeleteAsync(trove, slave, master);
    }

    private static async Task<(string Id, string Host)> CreateAsync(TroveClient trove, string name)
    {
        var id = await trove.CreateAsync(new
        {
            name,
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY)");
        return (id, host);
    }

    private static async Task<(string Id, string Host)> AddSlaveAsync(TroveClient trove, string master, string name)
    {
        var id = await trove.CreateAsync(new { name, slave_of = master });
        return (id, (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>());
    }

    private static async Task RebuildAsync(TroveClient admin, TroveClient trove, string id)
    {
        var address = (await trove.ShowAsync(id))["ip"]![0]!.GetValue<string>();
        await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{id}/action", new { rebuild = new { } });
        var rebuilt = await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal(address, rebuilt["ip"]![0]!.GetValue<string>());
        await Eventually.SeeAsync(
            "its database works", Soon, () => trove.ShowAsync(id), instance => (string?)instance["operating_status"] == "HEALTHY");
    }

    private static Task<string> AddRowAsync(string host, int id) =>
        Sql.RunAsync(host, "app", "secret", $"INSERT INTO shop.t VALUES ({id})");

    private static Task<string> AwaitRowsAsync(string host, int rows) => Eventually.SeeAsync(
        $"{rows} rows on {host}", Soon, () => Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
        seen => seen == rows.ToString(CultureInfo.InvariantCulture));

    private static string AgentOf(string id) => LeftOvers.Processes(id).Single(
        pid => Path.GetFileName(File.ReadAllText($"/proc/{pid}/cmdline").Split('\0')[0]) == "Dbaas.GuestAgent");

    private static void Kill(string pid)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself meanwhile.
        }
    }

    private async Task DeleteAsync(TroveClient trove, params string[] ids)
    {
        foreach (var id in ids)
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
        }

        Assert.Empty(LeftOvers.Of(fixture.Service, ids));
    }
}
