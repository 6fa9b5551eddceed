using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The whole service as somebody who is not root: addresses and folders instead of namespaces and volumes.</summary>
public sealed class WithoutRootTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_pair_comes_up_replicates_parts_and_is_gone()
    {
        using var nobody = new UnprivilegedUser();
        await using var service = await RunningService.StartAsync(user: nobody);
        Assert.Equal("the service does not run as root", (await File.ReadAllTextAsync(
            Path.Combine(service.StatePath, "not-isolated"), TestContext.Current.CancellationToken)).Trim());
        using var trove = await service.LogInAsync();
        var master = await trove.CreateAsync(new
        {
            name = "m",
            flavorRef = "6",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var m = await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        foreach (var word in new[] { "volume size", "memory", "network isolation", "user id" })
        {
            Assert.Contains(word, m["not_enforced"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        var host = m["ip"]![0]!.GetValue<string>();
        Assert.StartsWith("127.88.", host, StringComparison.Ordinal);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");

        var slave = await trove.CreateAsync(new { name = "s", slaveOf = master });
        var slaveHost = (await trove.AwaitStatusAsync(slave, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t VALUES (2)");
        await Eventually.SeeAsync(
            "two rows on the slave",
            Soon,
            () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "2");
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (9)"));

        await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (3)");
        Assert.Equal("2", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));

        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.DoAsync(HttpMethod.Delete, $"instances/{master}");
        await trove.AwaitGoneAsync(slave, Patience);
        await trove.AwaitGoneAsync(master, Patience);
        Assert.Empty(LeftOvers.Of(service, master, slave));
        Assert.Empty(LeftOvers.ProcessesOf(service));
    }
}
