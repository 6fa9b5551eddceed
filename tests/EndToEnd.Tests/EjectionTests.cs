using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>A master that does not answer any more, and a slave in its place.</summary>
public sealed class EjectionTests(ServiceFixture fixture)
{
    private const string Agent = "Dbaas.GuestAgent";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_server_that_hangs_is_switched_off_and_a_slave_is_the_master_with_all_that_it_had()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await MakeAsync(trove, "hung");
        Signal("STOP", LeftOvers.Processes(set.Master));

        await EjectAsync(trove, set, () => DebianClient.RunAsync(
            fixture.Service, "openstack", "database", "instance", "eject", set.Master));

        await ServesWithoutItAsync(trove, set);
    }

    /// <summary>The control plane does not hear the agent, while clients go on writing to its database.</summary>
    [Fact]
    public async Task A_master_that_goes_on_serving_unheard_takes_no_write_beside_its_successor()
    {
        using var trove = await fixture.Service.LogInAsync();
        var set = await MakeAsync(trove, "unheard");
        Signal("STOP", LeftOvers.PidsOf(set.Master, Agent).Select(pid => $"{pid}"));
        var writing = WriteUntilRefusedAsync(set.Hosts[0]);

        await EjectAsync(
            trove, set, () => trove.DoAsync(HttpMethod.Post, $"instances/{set.Master}/action", new { eject_replica_source = new { } }));

        // Refused for good before the new master was opened: later writes would have met nobody.
        Assert.InRange(await writing.WaitAsync(Patience, TestContext.Current.CancellationToken), 2, int.MaxValue);
        await ServesWithoutItAsync(trove, set);
    }

    private static async Task<ReplicaSet> MakeAsync(TroveClient trove, string name)
    {
        var (master, masterHost) = await trove.CreateShopAsync(name, Patience);
        await Sql.RunAsync(masterHost, "app", "secret", "CREATE TABLE shop.p (id INT PRIMARY KEY)");
        var first = await trove.CreateAsync(new { name = $"{name}-1", slaveOf = master });
        var second = await trove.CreateAsync(new { name = $"{name}-2", slaveOf = master });
        string[] hosts = [masterHost, await trove.AwaitAddressAsync(first, Patience), await trove.AwaitAddressAsync(second, Patience)];
        await Sql.RunAsync(masterHost, "app", "secret", "INSERT INTO shop.p VALUES (1)");
        await AwaitRowAsync(hosts[1], 1);
        await AwaitRowAsync(hosts[2], 1);
        return new ReplicaSet(master, [first, second], hosts);
    }

    private static async Task EjectAsync(TroveClient trove, ReplicaSet set, Func<Task> eject)
    {
        var (status, refusal) = await trove.SendAsync(
            HttpMethod.Post, $"instances/{set.Master}/action", new { eject_replica_source = new { } });
        Assert.Equal((400, true), (status, refusal!.ToJsonString().Contains("has a current heartbeat", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(
            "its silence is seen",
            Patience,
            async () => (await trove.ShowAsync(set.Master))["operating_status"]!.GetValue<string>() == "ERROR");
        await eject();
        foreach (var slave in set.Slaves)
        {
            await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        }
    }

    private static async Task ServesWithoutItAsync(TroveClient trove, ReplicaSet set)
    {
        var ejected = await trove.ShowAsync(set.Master);
        Assert.StartsWith("It was ejected", ejected["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("ERROR", true), (ejected["status"]!.GetValue<string>(), ejected["replicas"] is null));
        Assert.Empty(LeftOvers.Processes(set.Master));
        var shown = await Task.WhenAll(set.Slaves.Select(trove.ShowAsync));
        var at = Array.FindIndex(shown, one => one["replica_of"] is null);
        Assert.Equal(set.Slaves[at], shown[1 - at]["replica_of"]!["id"]!.GetValue<string>());
        var (source, replica) = (set.Hosts[at + 1], set.Hosts[2 - at]);

        await Sql.RunAsync(source, "app", "secret", "INSERT INTO shop.p VALUES (-1)");
        await AwaitRowAsync(replica, -1);
        await AwaitRowAsync(source, 1);
        var counted = await Sql.RunAsync(source, "app", "secret", "SELECT COUNT(*) FROM shop.p");
        Assert.Equal(counted, await Sql.RunAsync(replica, "app", "secret", "SELECT COUNT(*) FROM shop.p"));
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(replica, "app", "secret", "INSERT INTO shop.p VALUES (-2)"));

        string[] all = [set.Slaves[1 - at], set.Slaves[at], set.Master];
        foreach (var id in all)
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
        }
    }

    /// <returns>How many rows were taken.</returns>
    private static async Task<int> WriteUntilRefusedAsync(string host)
    {
        for (var row = 2; ; row++)
        {
            try
            {
                await Sql.RunAsync(host, "app", "secret", $"INSERT INTO shop.p VALUES ({row})");
            }
            catch (SqlFailedException)
            {
                return row - 2;
            }
        }
    }

    private static Task AwaitRowAsync(string host, int row) => Eventually.HoldsAsync(
        $"row {row} is on {host}",
        Patience,
        async () => await Sql.RunAsync(host, "app", "secret", $"SELECT COUNT(*) FROM shop.p WHERE id = {row}") == "1");

    private static void Signal(string signal, IEnumerable<string> pids)
    {
        var all = pids.ToList();
        Assert.NotEmpty(all);
        foreach (var pid in all)
        {
            using var kill = Process.Start("kill", ["-" + signal, pid]);
            kill.WaitForExit();
        }
    }

    private sealed record ReplicaSet(string Master, string[] Slaves, string[] Hosts);
}
