using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing;

namespace Dbaas.Persistence.Tests;

public abstract class OperationTests(ControlDatabase on)
{
    private const string Secret = "open sesame";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_many_workers_exactly_one_claims()
    {
        var (id, instance) = await OperationAsync();

        var claimed = await Task.WhenAll(Enumerable.Range(0, 30).Select(worker => (worker % 2 == 0 ? on.Database : on.Other).WriteAsync(
            unit => OperationRows.TryClaim(unit, id, $"worker-{worker}", Hour), TestContext.Current.CancellationToken)));

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
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, "old", TimeSpan.FromMilliseconds(20))));

        await Eventually.HoldsAsync(
            "another claim", Patience, () => on.Write(unit => OperationRows.TryClaim(unit, id, "new", Hour)));

        Assert.False(await on.Write(unit => OperationRows.Hold(unit, id, 1, "old", Hour)));
        Assert.False(await on.Write(unit => OperationRows.Hold(unit, id, 2, "old", Hour)));
        Assert.True(await on.Write(unit => OperationRows.Hold(unit, id, 2, "new", Hour)));
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, "third", Hour)));
    }

    [Fact]
    public async Task Holding_makes_the_lease_last()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", TimeSpan.FromSeconds(30)));
        var before = (await FindAsync(id)).LeaseUntil;

        await on.Write(unit => OperationRows.Hold(unit, id, 1, "worker", Hour));

        var gained = (await FindAsync(id)).LeaseUntil - before;
        Assert.InRange(gained!.Value, 3_500_000, 3_700_000);
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
        await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour));
        var wakes = await on.Read(unit => OperationRows.Wakes(unit, id));
        await on.Write(unit => OperationRows.Release(unit, id, Later, wakes));
        Assert.DoesNotContain(id, await DueAsync());
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour)));

        await on.Write(unit => OperationRows.Wake(unit, id));

        Assert.Contains(id, await DueAsync());
        Assert.True(await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour)));
    }

    [Fact]
    public async Task Woken_while_it_looked_it_is_due_at_once_when_released()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour));
        var wakes = await on.Read(unit => OperationRows.Wakes(unit, id));
        await on.Write(unit => OperationRows.Wake(unit, id));

        await on.Write(unit => OperationRows.Release(unit, id, Later, wakes));

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
        Assert.False(await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour)));
        Assert.DoesNotContain(id, await DueAsync());
    }

    [Fact]
    public async Task Superseded_it_is_due_and_the_first_who_takes_over_stays()
    {
        var (id, _) = await OperationAsync();
        await on.Write(unit => OperationRows.TryClaim(unit, id, "worker", Hour));
        await on.Write(unit => OperationRows.Release(unit, id, Later, wakesSeen: 0));

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
        Assert.NotNull(await on.Read(OperationRows.NextDue));
    }

    private static long Later => TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();

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

    private Task<IReadOnlyList<string>> DueAsync() => on.Read(unit => OperationRows.FindDue(unit, 1000));

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
