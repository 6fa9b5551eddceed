using System.Diagnostics;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A master takes no more writes, whatever its clients do, or takes them as before; and within a time either way.</summary>
[Needs("replication", "accounts")]
public abstract class WriteStopCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = Grace + TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nobody_writes_any_more_also_after_restarts_until_it_is_undone()
    {
        var password = fixture.Secret("root's password");
        var master = await MasterAsync();
        await master.Accounts.EnableRootAsync(password, None);
        var last = await StopAsync(master);

        for (var restart = 0; restart < 2; restart++)
        {
            await RefusesAsync(master, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            await RefusesAsync(master, "root", password);
            Assert.IsType<PositionComparison.Equal>(await master.Replication.CompareAsync(last, None));
            await master.Server.RestartAsync(() => { }, None);
            await master.RestartAgentAsync();
            await master.Server.ResumeAsync(None);
        }

        await StopAsync(master);
        Assert.IsType<PositionComparison.Equal>(await master.Replication.CompareAsync(last, None));
        await master.Replication.SetWritableAsync(true, None);
        await fixture.InsertAsync(master, 3);
        Assert.Equal([1, 3], await fixture.ReadAsync(master));
    }

    [Fact]
    public async Task A_transaction_that_is_committed_within_the_grace_counts_and_one_that_stays_open_is_ended()
    {
        var master = await MasterAsync();
        await using var quick = await BeginAsync(master, 2);
        await using var slow = await BeginAsync(master, 3);
        await using var reader = await ConnectAsync(master);
        await reader.ExecuteAsync(fixture.Words.Begin);
        Assert.Equal([1], await reader.ReadAsync(fixture.ReadRows));

        var stopping = StopAsync(master);
        await quick.ExecuteAsync(fixture.Words.Commit);
        Assert.False(stopping.IsCompleted);
        var last = await stopping;

        await Assert.ThrowsAnyAsync<Exception>(() => slow.ExecuteAsync(fixture.Words.Commit));
        Assert.Equal([1], await reader.ReadAsync(fixture.ReadRows));
        Assert.Equal([1, 2], await fixture.ReadAsync(master));
        Assert.IsType<PositionComparison.Equal>(await master.Replication.CompareAsync(last, None));
    }

    [Fact]
    public async Task One_that_changes_rows_for_minutes_is_ended()
    {
        var master = await MasterAsync();
        await using var client = await ConnectAsync(master);
        var change = client.ExecuteAsync(fixture.Words.ChangeForLong);
        await Eventually.HoldsAsync("it is under way", Patience, () => fixture.IsChangingAsync(master));

        await StopAsync(master);

        await Assert.ThrowsAnyAsync<Exception>(() => change);
        Assert.Equal([1], await fixture.ReadAsync(master));
    }

    [Fact]
    public async Task One_that_holds_a_lock_on_tables_is_ended()
    {
        var master = await MasterAsync();
        await using var client = await ConnectAsync(master);
        await client.ExecuteAsync(fixture.Words.LockRows);

        await StopAsync(master);

        await Assert.ThrowsAnyAsync<Exception>(() => client.ExecuteAsync(fixture.InsertRow(2)));
        Assert.Equal([1], await fixture.ReadAsync(master));
    }

    /// <summary>A lock on tables is in no list: all clients that could hold it are ended, and nobody else.</summary>
    [Fact]
    public async Task A_slave_goes_on_over_the_same_connection_whoever_is_ended()
    {
        var (master, slave, _) = await fixture.NewPairAsync();
        var connection = Assert.Single(await fixture.ConnectionsOfSlavesAsync(master));
        await using var holder = await ConnectAsync(master);
        await holder.ExecuteAsync(fixture.Words.LockRows);

        var last = await StopAsync(master);

        await Assert.ThrowsAnyAsync<Exception>(() => holder.ExecuteAsync(fixture.InsertRow(2)));
        Assert.Equal(connection, Assert.Single(await fixture.ConnectionsOfSlavesAsync(master)));
        await slave.Replication.WaitForAsync(last, Patience, None);
        Assert.IsType<PositionComparison.Equal>(await slave.Replication.CompareAsync(last, None));
    }

    [Fact]
    public async Task A_prepared_transaction_is_named_and_the_master_takes_rows_as_before()
    {
        var master = await MasterAsync();
        await using (var client = await ConnectAsync(master))
        {
            foreach (var statement in fixture.Words.Prepare("long ago", fixture.InsertRow(2)))
            {
                await client.ExecuteAsync(statement);
            }
        }

        var fault = await Faults.IsAsync(FaultKind.Precondition, () => StopAsync(master));

        Assert.Contains("long ago", fault.Message, StringComparison.Ordinal);
        await fixture.InsertAsync(master, 3);
        await Eventually.HoldsAsync("it is ended", Patience, async () =>
        {
            await fixture.ExecuteAsync(master, fixture.Words.RollbackPrepared("long ago"));
            return true;
        });
        await StopAsync(master);
        Assert.Equal([1, 3], await fixture.ReadAsync(master));
    }

    /// <summary>An administrator's lock is nobody's to end; clients wait as long as it does.</summary>
    [Fact]
    public async Task What_an_administrator_holds_up_is_done_or_taken_back()
    {
        var master = await MasterAsync();
        await using (await fixture.HoldServerAsync(master))
        {
            try
            {
                await StopAsync(master);
            }
            catch (DatastoreException e) when (e.Kind is FaultKind.Transient)
            {
                Assert.False((await fixture.LookAsync(master)).ReadOnly);
            }
        }

        await StopAsync(master);
        await RefusesAsync(master, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
    }

    private async Task<TestInstance> MasterAsync()
    {
        var master = await fixture.NewMasterAsync(GuestProtocol.Commands.BinaryLogMode.Always);
        await fixture.InsertAsync(master, 1);
        return master;
    }

    private static async Task<OpaqueDocument> StopAsync(TestInstance master)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await master.Replication.StopWritesAsync(Grace, None);
        }
        finally
        {
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Limit);
        }
    }

    private Task<ITestClient> ConnectAsync(TestInstance master) =>
        fixture.ConnectAsync(master, DatastoreFixture.App.Name, DatastoreFixture.App.Password);

    private async Task<ITestClient> BeginAsync(TestInstance master, int row)
    {
        var client = await ConnectAsync(master);
        await client.ExecuteAsync(fixture.Words.Begin);
        await client.ExecuteAsync(fixture.InsertRow(row));
        return client;
    }

    private Task RefusesAsync(TestInstance master, string user, string password) =>
        fixture.IsRefusedAsync(master, user, password, fixture.InsertRow(2));
}
