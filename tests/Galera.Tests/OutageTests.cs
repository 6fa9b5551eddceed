using System.Diagnostics;
using System.Globalization;
using Dbaas.Galera.Tests.Support;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Galera.Tests;

/// <summary>All nodes of the control database are gone at once, and for longer than anybody waits.</summary>
public sealed class OutageTests(Cluster cluster) : IAsyncLifetime
{
    // A unit of work is tried again for 30 s, and a claim holds for 60 s (the setting's default). Behind both nothing is left that further
    // time could change: each look is a new unit, which fails as the one before it did. So this stands for outages of two minutes, and of
    // two hours.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private RunningNodes nodes = null!;
    private TroveClient trove = null!;

    public async ValueTask InitializeAsync()
    {
        nodes = await cluster.NewControlPlaneAsync("outage");
        await nodes.AddApiAsync("api");
        await nodes.AddTaskManagerAsync("first");
        await nodes.AddTaskManagerAsync("second");
        trove = await nodes.LogInAsync();
        await RunningNodes.AwaitFlavorsAsync(trove);
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        await nodes.DisposeAsync();
    }

    [Fact]
    public async Task No_operation_is_lost_and_none_runs_twice_through_an_outage_that_is_longer_than_every_patience()
    {
        var (master, host) = await trove.CreateShopAsync("master", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        var slave = await trove.CreateAsync(new { name = "slave", slave_of = master });
        var other = await CreateAsync("other");
        await Eventually.SeeAsync(
            "both creations are in their midst",
            Patience,
            () => nodes.AskAsync("SELECT COUNT(*) FROM operations WHERE status = 'Running' AND step_index >= 2"),
            count => count == "2");

        await cluster.Galera.KillAllAsync();
        var away = Stopwatch.StartNew();
        var refused = await Task.WhenAll(
            trove.SendAsync(HttpMethod.Get, "instances"),
            trove.SendAsync(HttpMethod.Post, "instances", new { instance = Small("refused") }));
        Assert.All(refused, answer => Assert.Equal(503, answer.Status));

        // Users' databases do not need it.
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t VALUES (2)");

        // The fault itself takes this time.
        await Task.Delay(Outage - away.Elapsed, TestContext.Current.CancellationToken);
        await cluster.Galera.StartAllAgainAsync();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"The control database was away for {away.Elapsed.TotalSeconds:0} s."));

        var slaveHost = await trove.AwaitAddressAsync(slave, Patience);
        await trove.AwaitAddressAsync(other, Patience);
        await Eventually.SeeAsync(
            "the rows on the slave",
            Patience,
            () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "2");
        var later = await CreateAsync("later");
        await trove.AwaitAddressAsync(later, Patience);

        // Each was asked for once and ended once; what was refused was not kept for later.
        Assert.Equal("4\t4", await nodes.AskAsync("SELECT COUNT(*), SUM(status = 'Succeeded') FROM operations"));
        Assert.Equal(
            "4\t4",
            await nodes.AskAsync(
                """
                SELECT COUNT(*), COUNT(DISTINCT operation_id) FROM instance_history
                WHERE operation_id IS NOT NULL AND step IS NULL AND outcome <> 'started'
                """));
        foreach (var id in new[] { master, slave, other, later })
        {
            Assert.Single(LeftOvers.PidsOf(id, "mariadbd"));
        }
    }

    private Task<string> CreateAsync(string name) => trove.CreateAsync(Small(name));

    private static object Small(string name) => new { name, flavorRef = "7", volume = new { size = 1 } };
}
