using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class ScheduleTests(ControlDatabase on)
{
    [Fact]
    public async Task Of_several_who_find_a_schedule_due_one_moves_it_on()
    {
        var schedule = await AddAsync(due: 1000);

        Assert.Contains(await on.Read(ScheduleRows.Due), one => one.Id == schedule.Id);
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => on.Write(unit => ScheduleRows.TryFire(unit, schedule.Id, 1000, 9_000_000_000_000))));
        Assert.Single(won, one => one);
        var after = (await on.Read(unit => ScheduleRows.Find(unit, schedule.Id)))!;
        Assert.Equal(9_000_000_000_000, after.NextDue);
        Assert.NotNull(after.LastFired);
        Assert.DoesNotContain(await on.Read(ScheduleRows.Due), one => one.Id == schedule.Id);
    }

    [Fact]
    public async Task A_schedule_whose_times_have_come_to_an_end_is_never_due()
    {
        var schedule = await AddAsync(due: null);

        Assert.DoesNotContain(await on.Read(ScheduleRows.Due), one => one.Id == schedule.Id);
    }

    [Fact]
    public async Task What_a_clock_said_that_was_set_back_since_is_looked_at_again()
    {
        var now = await on.Read(ControlPlaneRows.Now);
        var schedule = await AddAsync(due: now + (400L * 86_400_000), created: now + (300L * 86_400_000));

        Assert.Contains(await on.Read(ScheduleRows.Due), one => one.Id == schedule.Id);
        Assert.True(await on.Write(unit => ScheduleRows.TryFire(unit, schedule.Id, schedule.NextDue!.Value, now + 86_400_000)));
        Assert.DoesNotContain(await on.Read(ScheduleRows.Due), one => one.Id == schedule.Id);
    }

    [Fact]
    public async Task A_run_is_begun_once_and_a_newer_one_takes_its_place()
    {
        var (schedule, instance) = (on.Ids.NewId(), on.Ids.NewId());
        await on.Write(unit => ScheduleRunRows.Put(unit, schedule, instance, 1000));
        var run = await OnlyAsync(schedule);
        Assert.Equal((ScheduleRunState.Waiting, 1000), (run.State, run.Due));

        Assert.True(await on.Write(unit => ScheduleRunRows.TryBegin(unit, run, "b1", TimeSpan.FromSeconds(30))));
        Assert.False(await on.Write(unit => ScheduleRunRows.TryBegin(unit, run, "b2", TimeSpan.FromSeconds(30))));
        await on.Write(unit => ScheduleRunRows.Put(unit, schedule, instance, 2000));

        Assert.False(await on.Write(unit => ScheduleRunRows.TryEnd(unit, run with { State = ScheduleRunState.Begun }, null)));
        var newer = await OnlyAsync(schedule);
        Assert.Equal((ScheduleRunState.Waiting, 2000, null), (newer.State, newer.Due, newer.BackupId));
    }

    [Fact]
    public async Task A_run_that_waits_is_looked_at_again_after_that_time_only()
    {
        var schedule = on.Ids.NewId();
        await on.Write(unit => ScheduleRunRows.Put(unit, schedule, "i", 1000));
        Assert.Contains(await on.Read(ScheduleRunRows.ToLookAt), one => one.ScheduleId == schedule);

        var run = await OnlyAsync(schedule);
        await on.Write(unit => ScheduleRunRows.Postpone(unit, run, TimeSpan.FromMinutes(5), "It is busy.", isPatient: false));

        Assert.DoesNotContain(await on.Read(ScheduleRunRows.ToLookAt), one => one.ScheduleId == schedule);
        Assert.Equal("It is busy.", (await OnlyAsync(schedule)).Fault);
    }

    [Fact]
    public async Task A_run_waits_from_when_another_backup_ended_and_from_when_its_own_failed()
    {
        const long longAgo = 1000;
        var schedule = on.Ids.NewId();
        await on.Write(unit => ScheduleRunRows.Put(unit, schedule, "i", 1000));
        var run = await OnlyAsync(schedule);
        await AgeAsync();
        await on.Write(unit => ScheduleRunRows.Postpone(unit, run, TimeSpan.Zero, "BACKUP", isPatient: true));
        Assert.True((await OnlyAsync(schedule)).Since > longAgo);

        await AgeAsync();
        await on.Write(unit => ScheduleRunRows.TryBegin(unit, run, "b", TimeSpan.Zero));
        Assert.True(await on.Write(unit => ScheduleRunRows.TryTakeFull(unit, run, "It failed.")));
        Assert.True((await OnlyAsync(schedule)) is { FullOnly: true, BackupId: null } full && full.Since > longAgo);

        Task AgeAsync() => on.Write(unit => unit.Execute(
            "UPDATE backup_schedule_runs SET since = @longAgo WHERE schedule_id = @schedule", new { longAgo, schedule }));
    }

    [Fact]
    public async Task What_is_not_wanted_of_a_unit_is_taken_back()
    {
        var schedule = on.Ids.NewId();
        foreach (var isWanted in new[] { false, true })
        {
            Assert.Equal(7, await on.Database.WriteIfAsync(
                unit =>
                {
                    ScheduleRunRows.Put(unit, schedule, "i", 1000);
                    return 7;
                },
                _ => isWanted,
                TestContext.Current.CancellationToken));
            Assert.Equal(isWanted, (await on.Read(unit => ScheduleRunRows.Of(unit, schedule))).Count == 1);
        }
    }

    [Fact]
    public async Task A_change_that_keeps_the_times_does_not_bring_back_a_time_that_is_over()
    {
        var schedule = await AddAsync(due: 1000);
        await on.Write(unit => ScheduleRows.TryFire(unit, schedule.Id, 1000, 5000));

        Assert.True(await on.Write(unit => ScheduleRows.TryChange(unit, schedule with { Name = "other" }, isMoved: false)));
        var after = (await on.Read(unit => ScheduleRows.Find(unit, schedule.Id)))!;
        Assert.Equal(("other", 5000), (after.Name, after.NextDue));
        Assert.False(await on.Write(unit => ScheduleRows.TryChange(unit, schedule, isMoved: true)));
        Assert.True(await on.Write(unit => ScheduleRows.TryChange(unit, after with { NextDue = 7000 }, isMoved: true)));
        Assert.Equal(7000, (await on.Read(unit => ScheduleRows.Find(unit, schedule.Id)))!.NextDue);
    }

    [Fact]
    public async Task An_instance_that_goes_takes_its_schedules_and_leaves_those_of_the_project()
    {
        var (tenant, instance) = (on.Ids.NewId(), on.Ids.NewId());
        var (own, whole) = (await AddAsync(1000, tenant, instance), await AddAsync(1000, tenant));
        foreach (var schedule in new[] { own, whole })
        {
            await on.Write(unit => ScheduleRunRows.Put(unit, schedule.Id, instance, 1000));
        }

        await on.Write(unit => ScheduleRows.DeleteOf(unit, tenant, instance));
        await on.Write(unit => ScheduleRows.DeleteOf(unit, tenant, instance));

        Assert.Equal([whole.Id], (await on.Read(unit => ScheduleRows.Page(unit, tenant, instance, null, 10))).Select(one => one.Id));
        Assert.Empty(await on.Read(unit => ScheduleRunRows.Of(unit, whole.Id)));
        Assert.Equal(1, await UsedAsync(tenant));
        Assert.True(await on.Write(unit => ScheduleRows.Delete(unit, whole)));
        Assert.False(await on.Write(unit => ScheduleRows.Delete(unit, whole)));
        Assert.Equal(0, await UsedAsync(tenant));
    }

    [Fact]
    public async Task A_schedule_finds_what_it_made_and_the_newest_complete_one_of_an_instance()
    {
        var (schedule, instance) = (on.Ids.NewId(), on.Ids.NewId());
        var (older, newer, failed) = (on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId());
        foreach (var id in new[] { older, newer, failed })
        {
            var backup = new Backup { Id = id, InstanceId = instance, ScheduleId = schedule, DatastoreVersionId = "v", Place = "p" };
            await on.Write(unit => BackupRows.Insert(unit, backup));
            await on.Write(unit => BackupChanges.SetState(unit, id, id == failed ? BackupState.Failed : BackupState.Completed, 1));
        }

        Assert.Equal(newer, (await on.Read(unit => BackupRows.NewestOfSchedule(unit, schedule, instance)))!.Id);
        Assert.Equal([older, newer, failed], (await on.Read(unit => BackupRows.OfSchedule(unit, schedule))).Select(one => one.Id));
        Assert.Equal(
            [failed, newer], (await on.Read(unit => BackupRows.Page(unit, null, null, schedule, null, null, 2))).Select(one => one.Id));
    }

    [Fact]
    public async Task Protection_is_set_on_the_row_as_it_was_seen_and_only_a_complete_backup_is_relied_on()
    {
        var id = await Make.InstanceAsync(on);
        var seen = (await on.Read(unit => InstanceRows.Find(unit, id)))!;

        Assert.True(await on.Write(unit => InstanceChanges.TrySetProtection(unit, id, true, seen.Version, 2)));
        Assert.False(await on.Write(unit => InstanceChanges.TrySetProtection(unit, id, false, seen.Version, 2)));
        Assert.True((await on.Read(unit => InstanceRows.Find(unit, id)))!.DeletionProtection);

        var backup = new Backup { Id = on.Ids.NewId(), InstanceId = id, DatastoreVersionId = "v", Place = "p" };
        await on.Write(unit => BackupRows.Insert(unit, backup));
        Assert.False(await on.Write(unit => BackupChanges.TryRelyOn(unit, backup.Id)));
        await on.Write(unit => BackupChanges.SetState(unit, backup.Id, BackupState.Completed, 1));
        Assert.True(await on.Write(unit => BackupChanges.TryRelyOn(unit, backup.Id)));
        await on.Write(unit => LockRows.TryOwnBackup(unit, backup.Id, on.Ids.NewId(), children: 0));
        Assert.False(await on.Write(unit => BackupChanges.TryRelyOn(unit, backup.Id)));
    }

    private async Task<long> UsedAsync(string tenant) =>
        (await on.Read(unit => QuotaRows.Of(unit, tenant))).Single(one => one.Resource == QuotaResources.BackupSchedules).InUse;

    private async Task<ScheduleRun> OnlyAsync(string schedule) => Assert.Single(await on.Read(unit => ScheduleRunRows.Of(unit, schedule)));

    private async Task<BackupSchedule> AddAsync(long? due, string? tenant = null, string? instance = null, long created = 1)
    {
        var schedule = new BackupSchedule
        {
            Id = on.Ids.NewId(), TenantId = tenant ?? on.Ids.NewId(), Name = "nightly", InstanceId = instance, Cron = "0 3 * * *",
            NextDue = due, Created = created, Updated = created,
        };
        await on.Write(unit =>
        {
            QuotaRows.Ensure(unit, schedule.TenantId, QuotaResources.BackupSchedules, 20);
            QuotaRows.TryTake(unit, schedule.TenantId, QuotaResources.BackupSchedules, 1);
            ScheduleRows.Insert(unit, schedule);
        });
        return schedule;
    }
}

public sealed class ScheduleTestsOnSqlite(SqliteControlDatabase on) : ScheduleTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class ScheduleTestsOnMariaDb(MariaDbControlDatabase on) : ScheduleTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class ScheduleTestsOnMySql(MySqlControlDatabase on) : ScheduleTests(on), IClassFixture<MySqlControlDatabase>;
