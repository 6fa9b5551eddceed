using Dapper;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public sealed class SqliteBusyTests(SqliteControlDatabase on) : IClassFixture<SqliteControlDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_that_meets_another_writer_waits_for_it()
    {
        var id = on.Ids.NewId();
        using var other = on.Dialect.Open();
        using var transaction = on.Dialect.BeginWrite(other);

        // Longer than one attempt waits within the library.
        var write = on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id)));
        await Assert.ThrowsAsync<TimeoutException>(() => write.WaitAsync(TimeSpan.FromSeconds(2.5), Token));
        Assert.Null(await on.Read(unit => InstanceRows.Find(unit, id)));
        transaction.Commit();

        await write.WaitAsync(TimeSpan.FromMinutes(1), Token);
        Assert.NotNull(await on.Read(unit => InstanceRows.Find(unit, id)));
    }

    [Fact]
    public async Task It_gives_up_when_its_caller_does()
    {
        var id = on.Ids.NewId();
        using var other = on.Dialect.Open();
        using var transaction = on.Dialect.BeginWrite(other);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => on.Database
            .WriteAsync(unit => InstanceRows.Insert(unit, Make.Instance(id)), giveUp.Token).WaitAsync(TimeSpan.FromSeconds(15), Token));

        transaction.Commit();
        Assert.Null(await on.Read(unit => InstanceRows.Find(unit, id)));
    }

    [Fact]
    public void A_commit_is_on_the_disk_before_it_is_heard_of()
    {
        using var connection = on.Dialect.Open();

        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<int>("PRAGMA synchronous"));
    }
}
