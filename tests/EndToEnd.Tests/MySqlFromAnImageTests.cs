using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>MySQL is not among this machine's own programs: the whole agent runs inside a root file system that has it.</summary>
public sealed class MySqlFromAnImageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_mysql_pair_replicates_and_parts_and_its_volume_grows()
    {
        var settings = RunningService.Settings();
        settings["Images"] = new JsonObject { ["mysql-image"] = await EngineImages.MySqlAsync() };
        settings["Datastores"] = new JsonArray(new JsonObject
        {
            ["Name"] = "mysql", ["Version"] = "9.7", ["Image"] = "mysql-image", ["IsDefault"] = true,
        });
        settings["DefaultDatastore"] = "mysql";
        await using var service = await RunningService.StartAsync(settings);
        using var trove = await service.LogInAsync();

        var master = await trove.CreateAsync(new
        {
            name = "m",
            flavorRef = "2",
            volume = new { size = 2 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = (await trove.AwaitStatusAsync(master, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        Assert.Equal("1\n", await Shell.RunAsync(service.StatePath, $"""
            . ./openrc
            MYSQL_PWD=secret {Repository.TroveCli} connect m -- --skip-column-names -e 'SELECT id FROM shop.t'
            """));
        var slave = await trove.CreateAsync(new { name = "s", slaveOf = master });
        var slaveHost = (await trove.AwaitStatusAsync(slave, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t VALUES (2)");
        await Eventually.SeeAsync(
            "two rows on the slave",
            Patience,
            () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "2");
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (9)"));

        await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (3)");
        Assert.Equal("2", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));

        // The server's root has the volume too: where it cannot grow while it is mounted, both have to let go of it.
        await trove.DoAsync(HttpMethod.Post, $"instances/{master}/action", new { resize = new { volume = new { size = 3 } } });
        var larger = await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        Assert.Equal(3, larger["volume"]!["size"]!.GetValue<int>());
        Assert.Equal("2", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));

        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.DoAsync(HttpMethod.Delete, $"instances/{master}");
        await trove.AwaitGoneAsync(slave, Patience);
        await trove.AwaitGoneAsync(master, Patience);
        Assert.Empty(LeftOvers.Of(service, master, slave));
    }
}
