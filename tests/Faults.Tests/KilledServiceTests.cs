using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>
/// kill -9 of the service in the middle of operations: after a restart each completes or undoes itself, and nothing is left over.
/// </summary>
public sealed class KilledServiceTests : IAsyncLifetime
{
    private const string ReplicationUsers =
        "SELECT COUNT(*) FROM mysql.user WHERE Repl_slave_priv = 'Y' AND User NOT IN ('root', 'mariadb.sys')";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private RunningService service = null!;

    public async ValueTask InitializeAsync() => service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_creation_goes_on_from_wherever_it_was_killed()
    {
        using var trove = await service.LogInAsync();
        for (var milliseconds = 0; milliseconds <= 1600; milliseconds += 400)
        {
            var id = await trove.CreateAsync(new { name = $"cut-{milliseconds}", flavorRef = "6", volume = new { size = 1 } });
            await KillAfterAsync(milliseconds);
            await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await KillAfterAsync(milliseconds / 2);
            await trove.AwaitGoneAsync(id, Patience);
            Assert.Empty(LeftOvers.Of(service, id));
        }

        await AssertNoQuotaUsedAsync(trove);
    }

    [Fact]
    public async Task A_slave_is_built_and_detached_although_the_service_is_killed_again_and_again()
    {
        using var trove = await service.LogInAsync();
        var master = await trove.CreateAsync(new { name = "m", flavorRef = "7", volume = new { size = 1 } });
        var host = (await trove.AwaitStatusAsync(master, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();
        for (var milliseconds = 500; milliseconds <= 3500; milliseconds += 1000)
        {
            var slave = await trove.CreateAsync(new { name = $"s-{milliseconds}", slave_of = master });
            await KillAfterAsync(milliseconds);
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);

            await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
            await KillAfterAsync(milliseconds / 2);
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
            await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
            Assert.Null((await trove.ShowAsync(slave))["slaveOf"]);
            Assert.Equal("0", await Sql.RunAsync(host, "root", root, "SELECT @@log_bin"));
            Assert.Equal("0", await Sql.RunAsync(host, "root", root, ReplicationUsers));
            await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
            await trove.AwaitGoneAsync(slave, Patience);
            Assert.Empty(LeftOvers.Of(service, slave));
        }

        await DeleteLastAsync(trove, master);
    }

    [Fact]
    public async Task A_slave_is_deleted_with_all_that_its_master_kept_for_it_although_the_service_is_killed_in_the_middle()
    {
        using var trove = await service.LogInAsync();
        var master = await trove.CreateAsync(new { name = "m", flavorRef = "7", volume = new { size = 1 } });
        var host = (await trove.AwaitStatusAsync(master, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();
        for (var milliseconds = 0; milliseconds <= 1500; milliseconds += 500)
        {
            var slave = await trove.CreateAsync(new { name = $"s-{milliseconds}", slave_of = master });
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
            Assert.Equal("1", await Sql.RunAsync(host, "root", root, ReplicationUsers));

            await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
            await KillAfterAsync(milliseconds);
            await trove.AwaitGoneAsync(slave, Patience);

            Assert.Empty(LeftOvers.Of(service, slave));
            await Eventually.SeeAsync(
                "no replication user on the master, and its log off", Patience,
                () => Sql.RunAsync(host, "root", root, $"SELECT CONCAT(({ReplicationUsers}), ' ', @@log_bin + 0)"), seen => seen == "0 0");
            Assert.Null((await trove.AwaitStatusAsync(master, "ACTIVE", Patience))["slaves"]);
        }

        await DeleteLastAsync(trove, master);
    }

    private async Task DeleteLastAsync(TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        Assert.Empty(LeftOvers.Of(service, id));
        await AssertNoQuotaUsedAsync(trove);
    }

    // The moment is not a condition to wait for: wherever it falls, the outcome must be the same.
    private async Task KillAfterAsync(int milliseconds)
    {
        await Task.Delay(milliseconds);
        await service.KillAsync();
        await service.StartAgainAsync();
    }

    private static async Task AssertNoQuotaUsedAsync(TroveClient trove)
    {
        var limits = (await trove.DoAsync(HttpMethod.Get, "mgmt/quotas/" + trove.ProjectId))!["quotas"]!.AsArray();
        Assert.All(limits, quota => Assert.Equal(0, quota!["in_use"]!.GetValue<long>()));
    }
}
