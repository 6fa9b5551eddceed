using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>A configuration group that is changed while databases use it.</summary>
public sealed class LiveConfigurationTests(ServiceFixture fixture)
{
    private const string Asked = "SELECT @@GLOBAL.max_connections, @@GLOBAL.innodb_log_buffer_size";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Values_come_into_force_at_once_or_with_a_restart_and_go_with_the_group()
    {
        using var trove = await fixture.Service.LogInAsync();
        var (id, host) = await trove.CreateShopAsync("live", Patience);
        var before = await Sql.RunAsync(host, "app", "secret", Asked);
        var group = await GroupAsync(trove);

        await trove.DoAsync(HttpMethod.Put, $"instances/{id}", new { instance = new { configuration = group } });
        Assert.StartsWith("77\t", await Sql.RunAsync(host, "app", "secret", Asked), StringComparison.Ordinal);
        Assert.Equal(group, (string?)(await trove.ShowAsync(id))["configuration"]!["id"]);

        await trove.DoAsync(HttpMethod.Patch, $"configurations/{group}", Values(new { max_connections = 78 }));
        Assert.StartsWith("78\t", await Sql.RunAsync(host, "app", "secret", Asked), StringComparison.Ordinal);

        await trove.DoAsync(HttpMethod.Patch, $"configurations/{group}", Values(new { innodb_log_buffer_size = 33_554_432 }));
        var waiting = await trove.AwaitStatusAsync(id, "RESTART_REQUIRED", Patience);
        Assert.Contains("innodb_log_buffer_size", waiting["restart_required_for"]!.ToJsonString(), StringComparison.Ordinal);
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { restart = new { } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal("78\t33554432", await Sql.RunAsync(host, "app", "secret", Asked));

        var (status, answer) = await trove.SendAsync(
            HttpMethod.Patch, $"configurations/{group}", Values(new { innodb_buffer_pool_size = 68_719_476_736 }));
        Assert.True(status == 422, $"{status} {answer}");

        await trove.DoAsync(HttpMethod.Put, $"instances/{id}", new { instance = new { configuration = (string?)null } });
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { restart = new { } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal(before, await Sql.RunAsync(host, "app", "secret", Asked));
        await trove.DoAsync(HttpMethod.Delete, $"configurations/{group}");
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    private static object Values(object values) => new { configuration = new { values } };

    private static async Task<string> GroupAsync(TroveClient trove)
    {
        var configuration = new
        {
            name = "live", values = new { max_connections = 77 }, datastore = new { type = "mariadb", version = "10.11" },
        };
        return (string)(await trove.DoAsync(HttpMethod.Post, "configurations", new { configuration }))!["configuration"]!["id"]!;
    }
}
