using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>What holds on both databases when a unit fails.</summary>
public abstract class RetryTests(ControlDatabase on)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exception_rolls_everything_back_and_is_not_tried_again()
    {
        var (id, runs) = (on.Ids.NewId(), 0);

        await Assert.ThrowsAsync<FormatException>(() => on.Write(unit =>
        {
            runs++;
            InstanceRows.Insert(unit, Make.Instance(id));
            throw new FormatException("The caller's own.");
        }));

        Assert.Equal(1, runs);
        Assert.Null(await on.Read(unit => InstanceRows.Find(unit, id)));
    }

    [Fact]
    public async Task A_duplicate_key_is_told_apart_from_other_mistakes()
    {
        var id = await Make.InstanceAsync(on);

        var duplicate = await Record.ExceptionAsync(() => on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id))));
        var missing = await Record.ExceptionAsync(() => on.Write(unit => unit.Execute("INSERT INTO zones (name) VALUES (NULL)")));

        Assert.True(on.Dialect.IsDuplicateKey(duplicate!));
        Assert.False(on.Dialect.IsDuplicateKey(missing!));
        Assert.Null(on.Dialect.WhyRetry(duplicate!));
    }

    [Fact]
    public async Task A_unit_that_reads_cannot_write() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => on.Read(unit => unit.Execute("DELETE FROM zones")));

    [Fact]
    public async Task A_unit_that_waits_is_taken_back_when_its_caller_gives_up_and_one_that_runs_is_not_cut()
    {
        using var database = on.Open(on.Dialect, threads: 1);
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        var ran = false;
        var running = database.ReadAsync(
            _ =>
            {
                begun.Set();
                return goOn.Wait(TimeSpan.FromMinutes(1));
            },
            giveUp.Token);
        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), Token));
        var waiting = database.ReadAsync(_ => ran = true, giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1), Token));
        goOn.Set();
        Assert.True(await running.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.True(await database.ReadAsync(_ => true, Token));
        Assert.False(ran);
    }

    [Fact]
    public async Task Disposing_lets_end_what_runs_and_refuses_what_waits()
    {
        var database = on.Open(on.Dialect, threads: 1);
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var running = database.ReadAsync(
            _ =>
            {
                begun.Set();
                return goOn.Wait(TimeSpan.FromMinutes(1));
            },
            Token);
        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), Token));
        var waiting = database.ReadAsync(_ => true, Token);

        var disposing = Task.Run(database.Dispose, Token);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1), Token));
        goOn.Set();
        Assert.True(await running.WaitAsync(TimeSpan.FromMinutes(1), Token));
        await disposing.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.ReadAsync(_ => true, Token));
    }

    [Fact]
    public async Task Units_run_on_the_databases_own_threads_and_at_most_so_many_at_once()
    {
        using var database = on.Open(on.Dialect, threads: 3);

        var names = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => database.ReadAsync(_ => Thread.CurrentThread.Name, Token)));

        Assert.All(names, name => Assert.StartsWith("database-", name, StringComparison.Ordinal));
        Assert.InRange(names.Distinct().Count(), 1, 3);
    }

    [Fact]
    public async Task Thousands_of_small_reads_come_through()
    {
        var id = await Make.InstanceAsync(on);

        var found = await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ => on.Read(unit => InstanceRows.Find(unit, id))));

        Assert.All(found, instance => Assert.Equal(id, instance!.Id));
    }
}

public sealed class RetryTestsOnSqlite(SqliteControlDatabase on) : RetryTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class RetryTestsOnMariaDb(MariaDbControlDatabase on) : RetryTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class RetryTestsOnMySql(MySqlControlDatabase on) : RetryTests(on), IClassFixture<MySqlControlDatabase>;
