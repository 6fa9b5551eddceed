using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.Galera.Tests;

/// <summary>A node goes while units are under way: they are done on another one, once each.</summary>
public sealed class LostNodeTests(Cluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_on_one_node_is_read_on_another_at_once()
    {
        using var first = cluster.Open(0);
        using var second = cluster.Open(1);
        for (var round = 0; round < 50; round++)
        {
            var number = await first.WriteAsync(InstanceRows.NextServerNumber, Token);

            Assert.Equal(
                number, await second.ReadAsync(unit => unit.First<long>("SELECT value FROM counters WHERE name = 'server_number'"), Token));
        }
    }

    [Fact]
    public async Task A_killed_node_costs_no_unit_and_counts_none_twice()
    {
        using var database = cluster.Open(1, 0, 2);
        var before = await database.WriteAsync(InstanceRows.NextServerNumber, Token);

        var last = await CountWhileAsync(database, async () =>
        {
            await cluster.Nodes[1].KillAsync();
        });
        await cluster.Nodes[1].StartAgainAsync();

        Assert.Equal(before + Units, last);
    }

    [Fact]
    public async Task A_node_that_is_cut_off_from_all_costs_no_unit_and_counts_none_twice()
    {
        using var database = cluster.Open(2, 0, 1);
        var before = await database.WriteAsync(InstanceRows.NextServerNumber, Token);

        var last = await CountWhileAsync(database, cluster.Nodes[2].CutOffAsync);
        await cluster.Nodes[2].ConnectAsync();
        await cluster.Nodes[2].BeSyncedAsync();

        Assert.Equal(before + Units, last);
    }

    [Fact]
    public async Task A_node_that_hangs_costs_no_unit_and_counts_none_twice()
    {
        using var database = cluster.Open(0, 1, 2);
        var before = await database.WriteAsync(InstanceRows.NextServerNumber, Token);

        var last = await CountWhileAsync(database, cluster.Nodes[0].FreezeAsync);
        await cluster.Nodes[0].ThawAsync();
        await cluster.Nodes[0].BeSyncedAsync();

        Assert.Equal(before + Units, last);
    }

    [Fact]
    public async Task A_unit_outlives_the_death_of_the_whole_cluster()
    {
        using var database = cluster.Open(0, 1, 2);
        using var impatient = cluster.Open(TimeSpan.FromSeconds(3), 0, 1, 2);
        var before = await database.WriteAsync(InstanceRows.NextServerNumber, Token);
        await cluster.Galera.KillAllAsync();

        await Assert.ThrowsAsync<DatabaseAwayException>(
            () => impatient.WriteAsync(InstanceRows.NextServerNumber, Token).WaitAsync(Patience, Token));
        await cluster.Galera.StartAllAgainAsync();

        Assert.Equal(before + 1, await database.WriteAsync(InstanceRows.NextServerNumber, Token));
    }

    private const int Units = 200;

    // Half of them before the fault, half while it is there.
    private static async Task<long> CountWhileAsync(Database database, Func<Task> fault)
    {
        long last = 0;
        for (var unit = 0; unit < Units; unit++)
        {
            var next = database.WriteAsync(InstanceRows.NextServerNumber, Token);
            if (unit == Units / 2)
            {
                await fault();
            }

            last = await next.WaitAsync(Patience, Token);
        }

        return last;
    }
}
