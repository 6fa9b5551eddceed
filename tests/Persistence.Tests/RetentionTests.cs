using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>What goes when it ended long ago, and what stays.</summary>
public abstract class RetentionTests(ControlDatabase on)
{
    private const int All = 1000;

    [Fact]
    public async Task Operations_go_that_ended_before_the_time_and_no_others()
    {
        var (old, young, open) = (on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId());
        foreach (var id in new[] { old, young, open })
        {
            await on.Write(unit => OperationRows.Insert(unit, id, OperationKinds.Restart, id, null, now: 1));
        }

        // They became due by the database's clock.
        var before = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await on.Write(unit => OperationRows.End(unit, old, OperationStatus.Failed, before - 1));
        await on.Write(unit => OperationRows.End(unit, young, OperationStatus.Succeeded, before));

        var found = await on.Read(unit => RetentionRows.FindOperations(unit, before, All));
        var removed = await on.Write(unit => RetentionRows.RemoveOperations(unit, [old, young, open], before));

        Assert.Equal([old], found.Intersect([old, young, open]));
        Assert.Equal(1, removed);
        Assert.Null(await on.Read(unit => OperationRows.Find(unit, old)));
        Assert.NotNull(await on.Read(unit => OperationRows.Find(unit, young)));
        Assert.NotNull(await on.Read(unit => OperationRows.Find(unit, open)));
    }

    [Fact]
    public async Task Tombstones_of_hidden_instances_go_behind_their_history_and_others_stay()
    {
        var (hidden, told, there, ordinary) = (
            await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        foreach (var id in new[] { hidden, told, there })
        {
            await on.Write(unit => unit.Execute(
                "UPDATE instances SET tenant_id = @project WHERE id = @id", new { id, project = Verifier.Project }));
        }

        foreach (var id in new[] { hidden, told, ordinary })
        {
            await on.Write(unit => InstanceChanges.SetDeleted(unit, id, now: 1000));
        }

        await on.Write(unit => HistoryRows.Add(unit, Line("1" + told, told)));

        var found = await on.Read(unit => RetentionRows.FindVerifiers(unit, deletedBefore: 1001, All));
        Assert.Contains(hidden, found);
        Assert.DoesNotContain(told, found);
        await on.Write(unit => RetentionRows.RemoveVerifiers(unit, [hidden, there, ordinary]));

        Assert.Null(await on.Read(unit => InstanceRows.Find(unit, hidden)));
        Assert.NotNull(await on.Read(unit => InstanceRows.Find(unit, there)));
        Assert.NotNull(await on.Read(unit => InstanceRows.Find(unit, ordinary)));
    }

    [Fact]
    public async Task Lines_of_before_the_time_go_of_whatever_instances()
    {
        var (deleted, there) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, deleted, now: 5000));
        foreach (var id in new[] { deleted, there })
        {
            await on.Write(unit => HistoryRows.Add(unit, Line("old" + id, id) with { At = 19 }));
            await on.Write(unit => HistoryRows.Add(unit, Line("new" + id, id) with { At = 20 }));
        }

        var found = await on.Read(unit => RetentionRows.FindOldHistory(unit, before: 20, All));

        Assert.Superset(new HashSet<string> { "old" + deleted, "old" + there }, found.ToHashSet());
        Assert.DoesNotContain("new" + there, found);
    }

    [Fact]
    public async Task Guests_go_of_instances_that_were_deleted_before_the_time_and_of_no_others()
    {
        var (old, young, there) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, old, now: 99));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, young, now: 100));

        var found = await on.Read(unit => RetentionRows.FindGuests(unit, deletedBefore: 100, All));
        await on.Write(unit => RetentionRows.RemoveGuests(unit, found));

        Assert.Equal([old], found.Intersect([old, young, there]));
        var left = await on.Read(unit => new[] { old, young, there }
            .Select(id => unit.First<long>("SELECT COUNT(*) FROM guests WHERE instance_id = @id", new { id })).ToArray());
        Assert.Equal([0, 1, 1], left);
    }

    [Fact]
    public async Task The_history_goes_of_instances_that_were_deleted_before_the_time()
    {
        var (old, young, there) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, old, now: 99));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, young, now: 100));
        foreach (var id in new[] { old, young, there })
        {
            await on.Write(unit => HistoryRows.Add(unit, Line("1" + id, id)));
            await on.Write(unit => HistoryRows.Add(unit, Line("2" + id, id)));
        }

        Assert.Single(await on.Read(unit => RetentionRows.FindHistory(unit, deletedBefore: 100, limit: 1)));
        var found = await on.Read(unit => RetentionRows.FindHistory(unit, deletedBefore: 100, All));
        await on.Write(unit => RetentionRows.RemoveHistory(unit, found));

        Assert.Equal(["1" + old, "2" + old], found.Order(StringComparer.Ordinal));
        Assert.Empty(await on.Read(unit => HistoryRows.Of(unit, old, All, after: null)));
        Assert.Equal(2, (await on.Read(unit => HistoryRows.Of(unit, young, All, after: null))).Count);
        Assert.Equal(2, (await on.Read(unit => HistoryRows.Of(unit, there, All, after: null))).Count);
        Assert.NotNull(await on.Read(unit => InstanceRows.Find(unit, old)));
    }

    [Fact]
    public async Task Old_requests_go_but_not_what_an_operation_asked()
    {
        var id = on.Ids.NewId();
        await on.Write(unit =>
        {
            CommandRows.Ensure(unit, Make.Command("r" + id, id) with { Expires = 10 });
            CommandRows.Ensure(unit, Make.Command("o" + id, id) with { Expires = 10, OperationId = id });
            CommandRows.Ensure(unit, Make.Command("n" + id, id) with { Expires = 20 });
        });

        var found = await on.Read(unit => RetentionRows.FindRequests(unit, before: 11, All));
        var removed = await on.Write(unit => RetentionRows.RemoveRequests(unit, ["r" + id, "o" + id, "n" + id], before: 11));

        Assert.Equal(["r" + id], found);
        Assert.Equal(1, removed);
        Assert.Null(await on.Read(unit => CommandRows.Find(unit, "r" + id)));
        Assert.NotNull(await on.Read(unit => CommandRows.Find(unit, "o" + id)));
        Assert.NotNull(await on.Read(unit => CommandRows.Find(unit, "n" + id)));
    }

    private static HistoryEntry Line(string id, string instanceId) => new()
    {
        Id = id, InstanceId = instanceId, At = 1, Event = "agent-started", Outcome = "seen",
    };
}

public sealed class RetentionTestsOnSqlite(SqliteControlDatabase on) : RetentionTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class RetentionTestsOnMariaDb(MariaDbControlDatabase on) : RetentionTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class RetentionTestsOnMySql(MySqlControlDatabase on) : RetentionTests(on), IClassFixture<MySqlControlDatabase>;
