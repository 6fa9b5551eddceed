using Dapper;
using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Testing.Galera;

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
    public void The_second_nodes_clock_is_ahead_of_the_others()
    {
        var (first, second) = (Clock(0), Clock(1));

        Assert.InRange(second - first, 4.5, 10);

        double Clock(int node)
        {
            using var connection = cluster.Dialect(node).Open();
            return connection.ExecuteScalar<double>("SELECT UNIX_TIMESTAMP(NOW(3))");
        }
    }

    [Theory]
    [InlineData(Fault.Killed)]
    [InlineData(Fault.CutOffFromAll)]
    [InlineData(Fault.Hanging)]
    public async Task A_node_that_goes_costs_no_unit_and_counts_none_twice(Fault fault)
    {
        var node = (int)fault;
        using var database = cluster.Open(node, (node + 1) % 3, (node + 2) % 3);
        var before = await database.WriteAsync(InstanceRows.NextServerNumber, Token);

        var last = await CountWhileAsync(database, () => BeginAsync(fault, cluster.Nodes[node]));
        await EndAsync(fault, cluster.Nodes[node]);
        await cluster.Galera.BeWholeAsync();

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

    private static Task BeginAsync(Fault fault, GaleraNode node) => fault switch
    {
        Fault.Killed => node.KillAsync(),
        Fault.CutOffFromAll => node.CutOffAsync(),
        _ => node.FreezeAsync(),
    };

    private static Task EndAsync(Fault fault, GaleraNode node) => fault switch
    {
        Fault.Killed => node.StartAgainAsync(),
        Fault.CutOffFromAll => node.ConnectAsync(),
        _ => node.ThawAsync(),
    };

    public enum Fault
    {
        Killed,
        CutOffFromAll,
        Hanging,
    }
}
