using Dbaas.Domain.Archives;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class ArchivedLogTests(ControlDatabase on)
{
    private const string Hash = "00";

    [Fact]
    public async Task Only_an_instance_with_a_log_of_its_own_that_is_always_on_is_archived_and_once_at_a_time()
    {
        var (always, sometimes) = (await ReadyAsync(BinaryLogChoice.Always), await ReadyAsync(BinaryLogChoice.WhenReplicating));

        Assert.False(await on.Write(unit => ArchivedLogChanges.TryBegin(unit, always, "l1")));
        Assert.True(await on.Write(unit => InstanceChanges.SetPointInTime(unit, always, true, 2)));
        Assert.False(await on.Write(unit => InstanceChanges.SetPointInTime(unit, sometimes, true, 2)));
        Assert.True(await on.Write(unit => InstanceChanges.SetPointInTime(unit, sometimes, false, 2)));
        Assert.Contains(always, await on.Read(unit => ArchivedLogRows.InstancesToArchive(unit, "", 100_000)));
        Assert.True(await on.Write(unit => ArchivedLogChanges.TryBegin(unit, always, "l1")));
        Assert.False(await on.Write(unit => ArchivedLogChanges.TryBegin(unit, always, "l2")));
        Assert.DoesNotContain(always, await on.Read(unit => ArchivedLogRows.InstancesToArchive(unit, "", 100_000)));
        Assert.Contains(always, await on.Read(unit => ArchivedLogRows.InstancesArchived(unit, "", 100_000)));
    }

    [Fact]
    public async Task A_part_counts_once_in_order_and_of_the_run_that_has_begun()
    {
        var log = await OpenAsync();

        Assert.False(await PartAsync(log, "a", 1));
        Assert.True(await BeginAsync(log, "a"));
        Assert.True(await BeginAsync(log, "a"));
        Assert.False(await BeginAsync(log, "b"));
        Assert.False(await PartAsync(log, "a", 2));
        Assert.True(await PartAsync(log, "a", 1));
        Assert.True(await PartAsync(log, "a", 1));
        Assert.False(await PartAsync(log, "b", 2));
        Assert.True(await PartAsync(log, "a", 2));
        Assert.False(await BeginAsync(log, "a"));

        var row = (await on.Read(unit => ArchivedLogRows.Find(unit, log)))!;
        Assert.Equal((2, 20L, 7L, "at 2"), (row.Parts, row.StoredBytes, row.Committed, row.Position));
        Assert.Equal([0, 1], (await on.Read(unit => ArchivedLogRows.Parts(unit, log))).Select(part => part.Number));
    }

    [Fact]
    public async Task What_is_closed_takes_no_part_and_ends_once()
    {
        var log = await OpenAsync();
        await BeginAsync(log, "a");
        await PartAsync(log, "a", 1);
        var row = (await on.Read(unit => ArchivedLogRows.Find(unit, log)))!;

        await on.Write(unit => ArchivedLogChanges.Close(unit, row, wholeUntil: 9, "It was stopped.", 5, 9));
        await on.Write(unit => ArchivedLogChanges.Close(unit, row, wholeUntil: null, null, 6, 9));

        Assert.False(await PartAsync(log, "a", 2));
        row = (await on.Read(unit => ArchivedLogRows.Find(unit, log)))!;
        Assert.Equal((ArchivedLogState.Closed, 5L, 9L, "It was stopped."), (row.State, row.Ended, row.Until, row.EndedBecause));
        Assert.False(row.Deleted);
    }

    [Fact]
    public async Task A_log_without_a_part_is_nothing_and_makes_the_one_before_whole_for_longer()
    {
        var before = await OpenAsync();
        await BeginAsync(before, "a");
        await PartAsync(before, "a", 1);
        await on.Write(unit => ArchivedLogChanges.Close(unit, ArchivedLogRows.Find(unit, before)!, wholeUntil: 9, null, 5, 9));
        var empty = await OpenAsync(before);
        await BeginAsync(empty, "b");

        await on.Write(unit => ArchivedLogChanges.Close(unit, ArchivedLogRows.Find(unit, empty)!, wholeUntil: 99, null, 6, 9));

        Assert.True((await on.Read(unit => ArchivedLogRows.Find(unit, empty)))!.Deleted);
        Assert.Equal(99, (await on.Read(unit => ArchivedLogRows.Find(unit, before)))!.Until);
    }

    [Fact]
    public async Task A_part_that_is_told_at_the_moment_of_the_end_counts_and_after_it_none_does()
    {
        var told = await OpenAsync();
        await BeginAsync(told, "a");
        var seen = (await on.Read(unit => ArchivedLogRows.Find(unit, told)))!;
        Assert.True(await PartAsync(told, "a", 1));

        Assert.False(await on.Write(unit => ArchivedLogChanges.TryGiveUp(unit, told)));
        await on.Write(unit => ArchivedLogChanges.Close(unit, seen, wholeUntil: 9, null, 5, 9));
        var row = (await on.Read(unit => ArchivedLogRows.Find(unit, told)))!;
        Assert.Equal((false, 1), (row.Deleted, row.Parts));

        var empty = await OpenAsync(told);
        await BeginAsync(empty, "b");
        Assert.True(await on.Write(unit => ArchivedLogChanges.TryGiveUp(unit, empty)));
        Assert.True(await on.Write(unit => ArchivedLogChanges.TryGiveUp(unit, empty)));
        Assert.False(await PartAsync(empty, "b", 1));
        Assert.False(await BeginAsync(empty, "b"));
    }

    [Fact]
    public async Task A_key_is_kept_encrypted_and_is_forgotten_with_the_log_and_its_parts()
    {
        var log = await OpenAsync();
        await on.Write(unit => ArchivedLogChanges.SetKeys(unit, log, "age1x", "AGE-SECRET-KEY-1"));
        await BeginAsync(log, "a");
        await PartAsync(log, "a", 1);

        Assert.Equal("AGE-SECRET-KEY-1", await on.Read(unit => ArchivedLogRows.Identity(unit, log)));
        Assert.DoesNotContain(
            "SECRET", await on.Read(unit => unit.First<string>("SELECT identity FROM archived_logs WHERE id = @log", new { log })) ?? "");
        await on.Write(unit => ArchivedLogChanges.Bury(unit, log, 9));
        Assert.Null(await on.Read(unit => ArchivedLogRows.Identity(unit, log)));
        Assert.Empty(await on.Read(unit => ArchivedLogRows.Parts(unit, log)));
    }

    private Task<bool> BeginAsync(string log, string run) => on.Write(
        unit => ArchivedLogChanges.TryTellBeginning(unit, log, run, "{}", "at 0", committed: null, gap: null, now: 3));

    private Task<bool> PartAsync(string log, string run, int parts) => on.Write(
        unit => ArchivedLogChanges.TryTellPart(unit, log, run, parts, size: 10, Hash, "{}", $"at {parts}", committed: 7));

    private async Task<string> ReadyAsync(BinaryLogChoice choice)
    {
        var id = await Make.InstanceAsync(on);
        await on.Write(unit =>
        {
            InstanceChanges.SetReady(unit, id, 1);
            unit.Execute("UPDATE instances SET binary_log = @choice WHERE id = @id", new { id, choice = choice.ToString() });
        });
        return id;
    }

    private async Task<string> OpenAsync(string? previous = null)
    {
        var log = new ArchivedLog
        {
            Id = Guid.CreateVersion7().ToString(), TenantId = "t", InstanceId = "i", Place = "place", PreviousId = previous, Created = 1,
        };
        await on.Write(unit => ArchivedLogRows.Insert(unit, log));
        return log.Id;
    }
}

public sealed class ArchivedLogTestsOnSqlite(SqliteControlDatabase on)
    : ArchivedLogTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class ArchivedLogTestsOnMariaDb(MariaDbControlDatabase on)
    : ArchivedLogTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class ArchivedLogTestsOnMySql(MySqlControlDatabase on)
    : ArchivedLogTests(on), IClassFixture<MySqlControlDatabase>;
