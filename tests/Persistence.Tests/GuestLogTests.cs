using Dbaas.Domain.Logs;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class GuestLogTests(ControlDatabase on)
{
    private readonly string instance = Guid.CreateVersion7().ToString();

    private string Log => PublishedLog.IdOf(instance, "general");

    [Fact]
    public async Task A_part_counts_once_and_from_the_place_that_the_log_has_come_to()
    {
        await EnsureAsync();
        Assert.True(await AddAsync(0, "a", 0, 100));
        Assert.False(await AddAsync(0, "a", 0, 100));
        Assert.False(await AddAsync(1, "b", 0, 150));
        Assert.False(await AddAsync(2, "b", 100, 150));
        Assert.True(await AddAsync(1, "b", 100, 150));

        var row = (await on.Read(unit => GuestLogRows.Find(unit, Log)))!;
        Assert.Equal((150L, 150L, 2), (row.Reached, row.Published, row.Parts));
        Assert.Equal(["a", "b"], (await on.Read(unit => GuestLogRows.Parts(unit, Log))).Select(part => part.Object));
    }

    [Fact]
    public async Task There_is_one_row_with_one_key_of_each_log_and_one_operation_has_it()
    {
        await EnsureAsync("first");
        await EnsureAsync("second");

        Assert.Equal("first", await on.Read(unit => GuestLogRows.Secret(unit, Log)));
        Assert.True(await on.Write(unit => LockRows.TryOwnGuestLog(unit, Log, "o1")));
        Assert.False(await on.Write(unit => LockRows.TryOwnGuestLog(unit, Log, "o2")));
        await on.Write(unit => LockRows.ReleaseAll(unit, "o1"));
        Assert.True(await on.Write(unit => LockRows.TryOwnGuestLog(unit, Log, "o2")));
        await on.Write(unit => LockRows.ReleaseAll(unit, "o2"));
    }

    [Fact]
    public async Task What_is_discarded_begins_anew_and_its_numbers_go_on()
    {
        await EnsureAsync();
        await AddAsync(0, "a", 0, 100);
        await on.Write(unit => GuestLogRows.Discard(unit, Log));

        Assert.Empty(await on.Read(unit => GuestLogRows.Parts(unit, Log)));
        Assert.True(await AddAsync(1, "b", 0, 100));
    }

    [Fact]
    public async Task Parts_that_are_old_are_found()
    {
        await EnsureAsync();
        for (var number = 0; number < 5; number++)
        {
            await AddAsync(number, $"part {number}", number, number + 1, created: number == 2 ? -100 : 100);
        }

        Assert.Equal([2], await ExpiredAsync(before: -50));
        Assert.Equal([], await ExpiredAsync(before: -200));
        await on.Write(unit => GuestLogRows.RemovePart(unit, Log, 2));
        Assert.Equal([], await ExpiredAsync(before: -50));
    }

    [Fact]
    public async Task What_is_gone_has_no_key_and_takes_no_part()
    {
        await EnsureAsync();
        await AddAsync(0, "a", 0, 100);
        await on.Write(unit => GuestLogRows.Bury(unit, Log, 7));

        Assert.Null(await on.Read(unit => GuestLogRows.Secret(unit, Log)));
        Assert.Empty(await on.Read(unit => GuestLogRows.Of(unit, instance)));
        Assert.False(await AddAsync(1, "b", 100, 150));
        Assert.Contains(Log, (await on.Read(unit => GuestLogRows.ToSweep(unit, 7, 100))).Select(log => log.Id));
        await on.Write(unit => GuestLogRows.Remove(unit, Log));
        Assert.Null(await on.Read(unit => GuestLogRows.Find(unit, Log)));
    }

    private async Task<IEnumerable<int>> ExpiredAsync(long before) =>
        (await on.Read(unit => GuestLogRows.Expired(unit, before, 1000)))
            .Where(part => part.LogId == Log).Select(part => part.Number);

    private Task EnsureAsync(string secret = "secret") =>
        on.Write(unit => GuestLogRows.Ensure(unit, instance, "general", "place", secret));

    private Task<bool> AddAsync(int number, string name, long asked, long next, long created = 1) => on.Write(unit =>
        GuestLogRows.TryAddPart(
            unit, Log, new PublishedPart { Number = number, Object = name, LineCount = 1, Created = created }, asked, next, next - asked));
}

public sealed class GuestLogTestsOnSqlite(SqliteControlDatabase on)
    : GuestLogTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class GuestLogTestsOnMariaDb(MariaDbControlDatabase on)
    : GuestLogTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class GuestLogTestsOnMySql(MySqlControlDatabase on)
    : GuestLogTests(on), IClassFixture<MySqlControlDatabase>;
