using System.Data;
using System.Data.Common;
using Dapper;
using Dbaas.Domain.Quotas;
using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using MySqlConnector;

namespace Dbaas.Galera.Tests;

/// <summary>The reference document's deadlock: what a lock for update is worth on a cluster, and the same work done our way.</summary>
public sealed class DeadlockTests(Cluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_both_get_the_lock_for_update_and_one_commit_ends_with_1213()
    {
        await using var first = await AccountsAsync("locked");
        await using var second = cluster.Dialect(1).Open();
        await using var one = await first.BeginTransactionAsync(Token);
        await using var other = await second.BeginTransactionAsync(Token);

        var seenByOne = first.ExecuteScalar<int>("SELECT amount FROM locked WHERE id = 1 FOR UPDATE", transaction: one);
        var seenByOther = second.ExecuteScalar<int>("SELECT amount FROM locked WHERE id = 1 FOR UPDATE", transaction: other);

        // Nobody waited: each has a lock of its own node.
        Assert.Equal((10, 10), (seenByOne, seenByOther));
        first.Execute($"UPDATE locked SET amount = {seenByOne - 1} WHERE id = 1", transaction: one);
        second.Execute($"UPDATE locked SET amount = {seenByOther - 1} WHERE id = 1", transaction: other);
        await one.CommitAsync(Token);
        var refused = await Assert.ThrowsAsync<MySqlException>(() => other.CommitAsync(Token));

        Assert.Equal(MySqlErrorCode.LockDeadlock, refused.ErrorCode);
    }

    [Fact]
    public async Task Our_way_every_unit_on_every_node_is_done_once()
    {
        const int units = 60;
        var project = cluster.Ids.NewId();
        using var first = cluster.Open(0);
        using var second = cluster.Open(1);
        using var third = cluster.Open(2);
        await first.WriteAsync(
            unit => QuotaRows.Ensure(unit, project, QuotaResources.All.ToDictionary(name => name, _ => (long)units)), Token);
        var retries = RetriesSeen.Of("deadlock");

        var taken = await Task.WhenAll(Enumerable.Range(0, 2 * units).Select(number =>
            new[] { first, second, third }[number % 3].WriteAsync(
                unit => QuotaRows.TryTake(unit, project, QuotaResources.Instances, 1), Token)));

        Assert.Equal(units, taken.Count(one => one));
        var used = await third.ReadAsync(unit => QuotaRows.Of(unit, project), Token);
        Assert.Equal(units, used.Single(quota => quota.Resource == QuotaResources.Instances).InUse);
        Assert.True(retries.Count > 0, "No unit lost against another node's: the nodes were not at work at the same time.");
    }

    private async Task<DbConnection> AccountsAsync(string table)
    {
        var connection = cluster.Dialect(0).Open();
        await connection.ExecuteAsync($"CREATE TABLE {table} (id INT NOT NULL PRIMARY KEY, amount INT NOT NULL) ENGINE=InnoDB");
        await connection.ExecuteAsync($"INSERT INTO {table} (id, amount) VALUES (1, 10)");
        return connection;
    }
}
