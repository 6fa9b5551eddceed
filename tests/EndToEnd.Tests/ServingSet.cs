using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>A master with two slaves and a table that all of them have.</summary>
/// <param name="Master">Its id.</param>
/// <param name="Slaves">Their ids.</param>
/// <param name="Hosts">Addresses: the master's first.</param>
internal sealed record ServingSet(string Master, string[] Slaves, string[] Hosts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<ServingSet> MakeAsync(TroveClient trove, string name)
    {
        var (master, masterHost) = await trove.CreateShopAsync(name, Patience);
        await Sql.RunAsync(masterHost, "app", "secret", "CREATE TABLE shop.p (id INT PRIMARY KEY)");
        var first = await trove.CreateAsync(new { name = $"{name}-1", slaveOf = master });
        var second = await trove.CreateAsync(new { name = $"{name}-2", slaveOf = master });
        string[] hosts = [masterHost, await trove.AwaitAddressAsync(first, Patience), await trove.AwaitAddressAsync(second, Patience)];
        await Sql.RunAsync(masterHost, "app", "secret", "INSERT INTO shop.p VALUES (1)");
        var set = new ServingSet(master, [first, second], hosts);
        await set.AwaitOnSlavesAsync(1);
        return set;
    }

    /// <summary>Both slaves have this row.</summary>
    public async Task AwaitOnSlavesAsync(int row)
    {
        await AwaitRowAsync(Hosts[1], row);
        await AwaitRowAsync(Hosts[2], row);
    }

    /// <summary>The master left the set: it is off, and says so; one of its slaves serves, and the other follows that one.</summary>
    public async Task AssertServesWithoutMasterAsync(TroveClient trove, string saying)
    {
        var ejected = await trove.ShowAsync(Master);
        Assert.Contains(saying, ejected["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("ERROR", true), (ejected["status"]!.GetValue<string>(), ejected["replicas"] is null));
        Assert.Empty(LeftOvers.Processes(Master));
        var shown = await Task.WhenAll(Slaves.Select(trove.ShowAsync));
        var at = Array.FindIndex(shown, one => one["replica_of"] is null);
        Assert.Equal(Slaves[at], shown[1 - at]["replica_of"]!["id"]!.GetValue<string>());
        var (source, replica) = (Hosts[at + 1], Hosts[2 - at]);

        await Sql.RunAsync(source, "app", "secret", "INSERT INTO shop.p VALUES (-1)");
        await AwaitRowAsync(replica, -1);
        await AwaitRowAsync(source, 1);
        var counted = await Sql.RunAsync(source, "app", "secret", "SELECT COUNT(*) FROM shop.p");
        Assert.Equal(counted, await Sql.RunAsync(replica, "app", "secret", "SELECT COUNT(*) FROM shop.p"));
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(replica, "app", "secret", "INSERT INTO shop.p VALUES (-2)"));
    }

    /// <summary>Whoever follows somebody first.</summary>
    public async Task DeleteAsync(TroveClient trove)
    {
        var shown = await Task.WhenAll(Slaves.Append(Master).Select(trove.ShowAsync));
        foreach (var id in shown.OrderBy(one => one["replica_of"] is null).Select(one => one["id"]!.GetValue<string>()))
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
        }
    }

    /// <summary>Sends a signal to processes; there must be some.</summary>
    public static void Signal(string signal, IEnumerable<string> pids)
    {
        var all = pids.ToList();
        Assert.NotEmpty(all);
        foreach (var pid in all)
        {
            using var kill = Process.Start("kill", ["-" + signal, pid]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }
    }

    private static Task AwaitRowAsync(string host, int row) => Eventually.HoldsAsync(
        $"row {row} is on {host}",
        Patience,
        async () => await Sql.RunAsync(host, "app", "secret", $"SELECT COUNT(*) FROM shop.p WHERE id = {row}") == "1");
}
