using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>What is done to a server in its life, with its data in it.</summary>
public sealed class ServerWorkTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Volume_and_flavor_grow_a_server_is_rebooted_stopped_and_closed_and_the_rows_stay()
    {
        using var trove = await fixture.Service.LogInAsync();
        using var admin = await fixture.Service.LogInAsync("root");
        var id = await trove.CreateAsync(new
        {
            name = "grows",
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)");
        var poolBefore = await PoolAsync(host);

        await ActAsync(trove, id, new { resize = new { volume = new { size = 2 } } });
        var grown = await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal(2, grown["volume"]!["size"]!.GetValue<int>());
        await AssertRowsAsync(host);

        await ActAsync(trove, id, new { resize = new { flavorRef = "9" } });
        Assert.Equal("9", (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["flavor"]!["id"]!.GetValue<string>());
        await AssertRowsAsync(host);
        Assert.True(await PoolAsync(host) > poolBefore, "The database has the memory of its old flavor still.");

        await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{id}/action", new { reboot = new { } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        await AssertRowsAsync(host);

        await trove.DoAsync(
            HttpMethod.Put, $"instances/{id}", new { instance = new { access = new { allowed_cidrs = new[] { "192.0.2.0/24" } } } });
        await Eventually.SeeAsync(
            "nobody is let in", Patience, async () => await IsAnsweredAsync(host) ? "let in" : "kept out", seen => seen == "kept out");
        await trove.DoAsync(
            HttpMethod.Put, $"instances/{id}", new { instance = new { access = new { allowed_cidrs = Array.Empty<string>() } } });
        await Eventually.SeeAsync(
            "everybody is let in", Patience, async () => await IsAnsweredAsync(host) ? "let in" : "kept out", seen => seen == "let in");

        await Eventually.SeeAsync("it is free", Patience, async () => (await trove.ShowAsync(id))["operation"] is null, free => free);
        await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{id}/action", new { stop = new { } });
        await Eventually.SeeAsync(
            "the database is stopped",
            Patience,
            async () => (await trove.ShowAsync(id))["operating_status"]!.GetValue<string>(),
            seen => seen == "SHUTDOWN");
        await Eventually.SeeAsync("it is free", Patience, async () => (await trove.ShowAsync(id))["operation"] is null, free => free);
        await ActAsync(trove, id, new { restart = new { } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        await AssertRowsAsync(host);

        var shown = (await admin.DoAsync(HttpMethod.Get, $"mgmt/instances/{id}"))!["instance"]!;
        Assert.Equal("ACTIVE", shown["server"]!["status"]!.GetValue<string>());
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        Assert.Empty(LeftOvers.Of(fixture.Service, id));
    }

    private static Task<System.Text.Json.Nodes.JsonNode?> ActAsync(TroveClient trove, string id, object action) =>
        trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", action);

    private static async Task AssertRowsAsync(string host) =>
        Assert.Equal("2", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));

    private static async Task<long> PoolAsync(string host) =>
        long.Parse(
            await Sql.RunAsync(host, "app", "secret", "SELECT @@innodb_buffer_pool_size"),
            System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<bool> IsAnsweredAsync(string host)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(host, 3306, limit.Token);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
