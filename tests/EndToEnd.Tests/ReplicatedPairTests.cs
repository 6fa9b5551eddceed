using System.Globalization;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The story that users came for, on real servers.</summary>
public sealed class ReplicatedPairTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Slaves_of_one_request_are_fed_by_one_run_of_the_backup_tool()
    {
        // The tool says what it does in stages, which the server counts.
        const string Stages =
            "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'COM_BACKUP'";
        using var trove = await fixture.Service.LogInAsync();
        var (master, host) = await trove.CreateShopAsync("m3", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        List<string> slaves = [await trove.CreateAsync(new { name = "one", slaveOf = master })];
        await trove.AwaitStatusAsync(slaves[0], "ACTIVE", Patience);
        var once = int.Parse(await Sql.RunAsync(host, "app", "secret", Stages), CultureInfo.InvariantCulture);

        await trove.CreateAsync(new { name = "more", slaveOf = master, replica_count = 3 });
        slaves = [.. (await trove.ShowAsync(master))["slaves"]!.AsArray().Select(slave => slave!["id"]!.GetValue<string>())];
        Assert.Equal(4, slaves.Count);
        foreach (var slave in slaves)
        {
            var slaveHost = await trove.AwaitAddressAsync(slave, Patience);
            Assert.Equal("1", await Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"));
        }

        Assert.True(once > 0);
        Assert.Equal($"{2 * once}", await Sql.RunAsync(host, "app", "secret", Stages));
        foreach (var instance in slaves.Append(master))
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{instance}");
            await trove.AwaitGoneAsync(instance, Patience);
        }
    }

    [Fact]
    public async Task A_master_and_its_slave_come_up_replicate_and_part()
    {
        using var trove = await fixture.Service.LogInAsync();
        var master = await trove.CreateAsync(new
        {
            name = "m1",
            flavorRef = "7",
            volume = new { size = 2 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "se'cr\"et\\", databases = new[] { new { name = "shop" } } } },
        });
        var m1 = await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        var masterHost = m1["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(
            masterHost, "app", "se'cr\"et\\", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)");

        var slave = await trove.CreateAsync(new { name = "s1", slaveOf = master });
        var s1 = await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        Assert.Equal(master, s1["slaveOf"]!["id"]!.GetValue<string>());
        Assert.Equal(master, s1["replica_of"]!["id"]!.GetValue<string>());
        Assert.Equal(slave, (await trove.ShowAsync(master))["slaves"]![0]!["id"]!.GetValue<string>());
        var slaveHost = s1["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(masterHost, "app", "se'cr\"et\\", "INSERT INTO shop.t VALUES (3)");
        await Eventually.SeeAsync(
            "three rows on the slave",
            Soon,
            () => Sql.RunAsync(slaveHost, "app", "se'cr\"et\\", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "3");

        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(slaveHost, "app", "se'cr\"et\\", "INSERT INTO shop.t VALUES (9)"));
        await Eventually.SeeAsync("root is on the slave", Soon, () => Sql.RunAsync(slaveHost, "root", root, "SELECT 1"), one => one == "1");
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(slaveHost, "root", root, "INSERT INTO shop.t VALUES (9)"));
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(slaveHost, "root", root, "SET GLOBAL read_only = 0"));
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(masterHost, "root", root, "SET SESSION sql_log_bin = 0"));
        var (deleteStatus, _) = await trove.SendAsync(HttpMethod.Delete, $"instances/{master}");
        Assert.Equal(403, deleteStatus);
        var (usersStatus, _) = await trove.SendAsync(
            HttpMethod.Post, $"instances/{slave}/users", new { users = new[] { new { name = "x", password = "y" } } });
        Assert.Equal(422, usersStatus);
        var topology = (await trove.DoAsync(HttpMethod.Get, $"instances/{slave}/topology"))!["topology"]!["members"]!.AsArray();
        Assert.Equal(master, topology[0]!["id"]!.GetValue<string>());
        Assert.Equal(master, topology[1]!["mysql"]!["slave_of"]![0]!["id"]!.GetValue<string>());
        Assert.True(topology[1]!["mysql"]!["read_only"]!.GetValue<bool>());

        await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        s1 = await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        m1 = await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        Assert.Null(s1["slaveOf"]);
        Assert.Null(m1["slaves"]);
        await Sql.RunAsync(slaveHost, "app", "se'cr\"et\\", "INSERT INTO shop.t VALUES (4)");
        Assert.Equal("3", await Sql.RunAsync(masterHost, "app", "se'cr\"et\\", "SELECT COUNT(*) FROM shop.t"));
        await AssertNoTraceOfReplicationAsync(masterHost, root, master);

        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.DoAsync(HttpMethod.Delete, $"instances/{master}");
        await trove.AwaitGoneAsync(slave, Patience);
        await trove.AwaitGoneAsync(master, Patience);
        Assert.Empty(LeftOvers.Of(fixture.Service, master, slave));
    }

    [Fact]
    public async Task Three_slaves_asked_for_at_once_are_all_built_and_the_last_delete_demotes()
    {
        using var trove = await fixture.Service.LogInAsync();
        var master = await trove.CreateAsync(new { name = "m3", flavorRef = "6", volume = new { size = 1 } });
        var host = (await trove.AwaitStatusAsync(master, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();

        var slaves = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(number => trove.CreateAsync(new { name = $"s{number}", replica_of = master })));
        foreach (var slave in slaves)
        {
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        }

        Assert.Equal(3, (await trove.ShowAsync(master))["slaves"]!.AsArray().Count);
        await Eventually.SeeAsync("three dump threads", Soon, () => Sql.RunAsync(host, "root", root, DumpThreads), count => count == "3");

        foreach (var slave in slaves)
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
            await trove.AwaitGoneAsync(slave, Patience);
        }

        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await AssertNoTraceOfReplicationAsync(host, root, master);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{master}");
        await trove.AwaitGoneAsync(master, Patience);
    }

    private const string DumpThreads = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'";

    private static async Task AssertNoTraceOfReplicationAsync(string host, string root, string id)
    {
        Assert.Equal("0", await Sql.RunAsync(host, "root", root, DumpThreads));
        Assert.Equal("0", await Sql.RunAsync(host, "root", root, "SELECT @@log_bin"));
        Assert.Equal(
            "0",
            await Sql.RunAsync(
                host, "root", root, "SELECT COUNT(*) FROM mysql.user WHERE Repl_slave_priv = 'Y' AND User NOT IN ('root', 'mariadb.sys')"));
        Assert.Empty(LeftOvers.LogFiles(id));
    }
}
