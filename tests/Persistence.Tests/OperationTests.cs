using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing;

namespace Dbaas.Persistence.Tests;

public abstract class OperationTests(ControlDatabase on)
{
    private const string Secret = "open sesame";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_many_workers_exactly_one_claims()
    {
        var (id, instance) = await OperationAsync();

        var claimed = await Task.WhenAll(Enumerable.Range(0, 30).Select(worker => (worker % 2 == 0 ? on.Database : on.Other).WriteAsync(
            unit => OperationRows.TryClaim(unit, id, 0, $"worker-{worker}", Long), TestContext.Current.CancellationToken)));

        Assert.Equal(1, claimed.Count(yes => yes));
        var operation = await FindAsync(id);
        Assert.Equal($"worker-{Array.IndexOf(claimed, true)}", operation.Owner);
        Assert.Equal(1, operation.Claim);
        Assert.Equal(2, (await on.Read(unit => InstanceRows.Find(unit, instance)))!.FenceCounter);
        Assert.DoesNotContain(id, await DueAsync());
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_claimed_by_another_and_the_old_claim_holds_no_more()
    {
        var (id, _) = await OperationAsync();
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "old", TimeSpan.FromMilliseconds(20))));

        await Eventually.HoldsAsync(
            "another claim", Patience, () => on.Write(unit => OperationRows.TryClaim(unit, id, 0, "new", Long)));

        Assert.False(await on.Write(unit => OperationRows.Hold(unit, id, 1, "old", Long)));
        Assert.False(await on.Write(unit => OperationRows.Hold(unit, id, 2, "old", Long)));
        Assert.True(await on.Write(unit => OperationRows.Hold(unit, id, 2, "new", Long)));
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "third", Long)));
    }

    [Fact]
    public async Task Holding_makes_the_lease_last()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", TimeSpan.FromSeconds(30)));
        var before = (await FindAsync(id)).LeaseUntil;

        await on.Write(unit => OperationRows.Hold(unit, id, 1, "worker", Long));

        var gained = (await FindAsync(id)).LeaseUntil - before;
        Assert.InRange(gained!.Value, 260_000, 310_000);
    }

    [Fact]
    public async Task The_databases_clock_is_the_real_one_in_milliseconds()
    {
        var (before, after) = (-1L, -1L);
        var now = await on.Read(unit =>
        {
            before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var seen = unit.First<long>($"SELECT {unit.Dialect.Now}");
            after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            return seen;
        });

        Assert.InRange(now, before - 2, after + 2);
    }

    [Fact]
    public async Task Released_for_later_it_is_not_due_until_it_is_woken()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long));
        var wakes = await on.Read(unit => OperationRows.Wakes(unit, id));
        await on.Write(unit => OperationRows.Release(unit, id, Long, wakes));
        Assert.DoesNotContain(id, await DueAsync());
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long)));

        await on.Write(unit => OperationRows.Wake(unit, id));

        Assert.Contains(id, await DueAsync());
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long)));
    }

    [Fact]
    public async Task Woken_while_it_looked_it_is_due_at_once_when_released()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long));
        var wakes = await on.Read(unit => OperationRows.Wakes(unit, id));
        await on.Write(unit => OperationRows.Wake(unit, id));

        await on.Write(unit => OperationRows.Release(unit, id, Long, wakes));

        Assert.Contains(id, await DueAsync());
    }

    [Fact]
    public async Task What_is_saved_comes_back()
    {
        var (id, _) = await OperationAsync();
        var saved = (await FindAsync(id)) with
        {
            WorkflowVersion = 3,
            Status = OperationStatus.Undoing,
            State = """{"port":"\ud83d\udc2c"}""",
            StepIndex = 2,
            StepName = "ensure-server",
            StepCount = 9,
            Attempts = 4,
            Moves = 6,
            StepStarted = 1234567890123,
            Fault = "No host was found.",
        };

        await on.Write(unit => OperationRows.Save(unit, saved));

        Assert.Equal(saved, await FindAsync(id));
        Assert.Equal(Secret, saved.Goal);
    }

    [Fact]
    public async Task Secrets_cannot_be_read_in_the_database_and_the_end_wipes_them()
    {
        var (id, instance) = await OperationAsync();
        await on.Write(unit =>
        {
            OperationRows.Save(unit, new Operation { Id = id, Status = OperationStatus.Running, State = Secret });
            CommandRows.Ensure(unit, Make.Command("1-" + id, instance) with { OperationId = id, Body = Secret });
            CommandRows.Ensure(unit, Make.Command("2-" + id, instance) with { OperationId = id, Body = Secret });
            CommandRows.Answer(unit, "2-" + id, instance, Secret);
        });

        var raw = await RawAsync(id);
        Assert.Equal(4, raw.Count);
        Assert.All(raw, value => Assert.DoesNotContain(Secret, value, StringComparison.Ordinal));
        Assert.Equal(4, raw.Distinct().Count());

        await on.Write(unit => OperationRows.End(unit, id, OperationStatus.Succeeded, now: 9));
        Assert.Empty(await RawAsync(id));
        Assert.Null((await on.Read(unit => InstanceRows.Find(unit, instance)))!.LockOwner);
    }

    [Fact]
    public async Task The_first_end_counts()
    {
        var (id, instance) = await OperationAsync();
        await on.Write(unit => OperationRows.End(unit, id, OperationStatus.Succeeded, now: 9));
        await on.Write(unit => OperationRows.End(unit, id, OperationStatus.Failed, now: 10));

        var ended = await FindAsync(id);
        Assert.Equal((OperationStatus.Succeeded, (long?)9, null), (ended.Status, ended.Ended, ended.Goal));
        Assert.Empty(await on.Read(unit => OperationRows.Active(unit, instance)));
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long)));
        Assert.DoesNotContain(id, await DueAsync());
    }

    [Fact]
    public async Task Superseded_it_is_due_and_the_first_who_takes_over_stays()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long));
        await on.Write(unit => OperationRows.Release(unit, id, Long, wakesSeen: 0));

        await on.Write(unit => OperationRows.Supersede(unit, id, "first"));
        await on.Write(unit => OperationRows.Supersede(unit, id, "second"));

        Assert.Equal("first", (await FindAsync(id)).SupersededBy);
        Assert.Contains(id, await DueAsync());
    }

    [Fact]
    public async Task The_active_ones_of_an_instance_are_listed_without_their_secrets()
    {
        var (id, instance) = await OperationAsync();

        var active = Assert.Single(await on.Read(unit => OperationRows.Active(unit, instance)));

        Assert.Equal((id, null, null), (active.Id, active.Goal, active.State));
    }

    [Fact]
    public async Task One_that_waits_for_the_instance_takes_over_whatever_was_asked_for_before()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.Supersede(unit, id, "a request"));

        await on.Write(unit => OperationRows.TakeOver(unit, id, "an operation"));
        await on.Write(unit => OperationRows.Supersede(unit, id, "another request"));

        Assert.Equal("an operation", (await FindAsync(id)).SupersededBy);
    }

    [Fact]
    public async Task Active_is_what_has_not_ended()
    {
        var (id, _) = await OperationAsync();
        Assert.True(await on.Read(unit => OperationRows.IsActive(unit, id)));
        await on.Write(unit => OperationRows.End(unit, id, OperationStatus.Failed, now: 9));

        Assert.False(await on.Read(unit => OperationRows.IsActive(unit, id)));
        Assert.False(await on.Read(unit => OperationRows.IsActive(unit, on.Ids.NewId())));
    }

    [Fact]
    public async Task One_that_is_put_off_is_not_due_and_one_that_is_worked_on_is_not_put_off()
    {
        var (id, _) = await OperationAsync();
        var (claimed, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, claimed, 0, "worker", Long));
        var before = (await FindAsync(claimed)).Due;

        await on.Write(unit => OperationRows.Postpone(unit, id, Long));
        await on.Write(unit => OperationRows.Postpone(unit, claimed, Long));

        Assert.DoesNotContain(id, await DueAsync());
        Assert.Equal(before, (await FindAsync(claimed)).Due);
    }

    [Fact]
    public async Task When_one_more_becomes_due_is_said_by_the_databases_clock()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => unit.Execute("UPDATE operations SET status = 'Failed' WHERE id <> @id", new { id }));
        Assert.InRange(Assert.Single(await ComingAsync()).DueIn, -600_000, 0);
        await on.Write(unit => OperationRows.Postpone(unit, id, Long));

        var due = Assert.Single(await ComingAsync());
        Assert.Equal(id, due.Id);
        Assert.InRange(TimeSpan.FromMilliseconds(due.DueIn), Long - Patience, Long);
        Assert.Empty(await on.Read(unit => OperationRows.FindDue(unit, Long / 2, 1000)));

        await on.Write(unit => unit.Execute("UPDATE operations SET due = 0 WHERE id = @id", new { id }));
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "worker", Long)));
        Assert.InRange(TimeSpan.FromMilliseconds(Assert.Single(await ComingAsync()).DueIn), Long - Patience, Long);

        Task<IReadOnlyList<DueOperation>> ComingAsync() => on.Read(unit => OperationRows.FindDue(unit, 2 * Long, 1000));
    }

    [Fact]
    public async Task Who_looks_finds_only_what_it_knows_and_claims_only_the_version_that_it_looked_at()
    {
        var (id, _) = await OperationAsync();
        KnownOperation[] older = [Known(OperationKinds.Restart, 0), Known(OperationKinds.Restart, 1), Known(OperationKinds.Reboot, 2)];
        Assert.Contains(id, await FoundAsync(older));

        // A newer build has begun it.
        var operation = await FindAsync(id);
        await on.Write(unit => OperationRows.Save(unit, operation with { WorkflowVersion = 2 }));

        Assert.DoesNotContain(id, await FoundAsync(older));
        Assert.DoesNotContain(id, await FoundAsync([]));
        Assert.Contains(id, await FoundAsync([.. older, Known(OperationKinds.Restart, 2)]));
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, 0, "older", Long)));
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, 2, "newer", Long)));

        static KnownOperation Known(string kind, int version) => new() { Kind = kind, Version = version };

        async Task<IEnumerable<string>> FoundAsync(IReadOnlyList<KnownOperation> known) =>
            (await on.Read(unit => OperationRows.FindDue(unit, TimeSpan.Zero, 1000, known))).Select(one => one.Id);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_clock_that_was_set_by_an_hour_delays_nothing_by_an_hour(int hours)
    {
        var (waiting, _) = await OperationAsync();
        var (worked, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, waiting, 0, "worker", Long));
        await on.Write(unit => OperationRows.Release(unit, waiting, TimeSpan.Zero, wakesSeen: 0));
        await on.Write(unit => OperationRows.TryClaim(unit, worked, 0, "worker", TimeSpan.Zero));

        // An hour back is that everything written is an hour ahead.
        await on.Write(unit => unit.Execute(
            "UPDATE operations SET due = due - @step, lease_until = lease_until - @step WHERE id IN (@waiting, @worked)",
            new { waiting, worked, step = hours * 3_600_000L }));

        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, waiting, 0, "worker", Long)));
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, worked, 0, "worker", Long)));
    }

    // An operation on an instance of its own, which it owns.
    private async Task<(string Id, string Instance)> OperationAsync()
    {
        var instance = await Make.InstanceAsync(on);
        var id = on.Ids.NewId();
        await on.Write(unit =>
        {
            LockRows.TryOwn(unit, instance, id, onlyReady: true, onlyWithoutSlaves: true);
            OperationRows.Insert(unit, id, OperationKinds.Restart, instance, Secret, now: 5);
        });
        return (id, instance);
    }

    private async Task<Operation> FindAsync(string id) => (await on.Read(unit => OperationRows.Find(unit, id)))!;

    private async Task<IEnumerable<string>> DueAsync() =>
        (await on.Read(unit => OperationRows.FindDue(unit, TimeSpan.Zero, 1000))).Select(one => one.Id);

    private async Task<IReadOnlyList<string>> RawAsync(string id) => await on.Read(unit => unit.Query<string>(
        """
        SELECT goal FROM operations WHERE id = @id AND goal IS NOT NULL
        UNION ALL SELECT state FROM operations WHERE id = @id AND state IS NOT NULL
        UNION ALL SELECT body FROM guest_commands WHERE operation_id = @id AND body IS NOT NULL
        UNION ALL SELECT reply FROM guest_commands WHERE operation_id = @id AND reply IS NOT NULL
        """,
        new { id }));
}

public sealed class OperationTestsOnSqlite(SqliteControlDatabase on) : OperationTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class OperationTestsOnMariaDb(MariaDbControlDatabase on) : OperationTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class OperationTestsOnMySql(MySqlControlDatabase on) : OperationTests(on), IClassFixture<MySqlControlDatabase>;
