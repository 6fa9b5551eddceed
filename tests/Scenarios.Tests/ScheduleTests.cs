using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Schedules;

namespace Dbaas.Scenarios.Tests;

/// <summary>Days of schedules, in the virtual time of the simulation.</summary>
public sealed class ScheduleTests
{
    private const string Nightly = "0 3 * * *";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_task_managers_that_find_a_schedule_due_take_one_backup()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        await world.Api.ScheduleAsync("nightly", there[0], Nightly);
        await world.PassAsync(Day);

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(world.LookAtSchedulesAsync, Cancel)));
            await world.SettleAsync();
            await world.PassAsync(Minute);
        }

        Assert.Equal(["nightly-20300101-0300"], await NamesAsync(world));
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task What_came_due_again_and_again_while_everything_was_down_is_taken_once()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        var schedule = await world.Api.ScheduleAsync("nightly", there[0], Nightly);

        await world.PassAsync(5 * Day);
        await LookAsync(world, rounds: 10);
        Assert.Single(await NamesAsync(world));

        await world.PassAsync(Day);
        await LookAsync(world);
        Assert.Equal(2, (await NamesAsync(world)).Count);
        Assert.Equal(
            new DateTimeOffset(2030, 1, 7, 3, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), (await FindAsync(world, schedule)).NextDue);
    }

    [Fact]
    public async Task A_backup_of_somebody_elses_that_is_under_way_is_waited_for()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        var schedule = await world.Api.ScheduleAsync("nightly", there[0], Nightly);
        await world.PassAsync(Day);
        await world.Api.BackUpAsync("own", there[0]);

        await world.LookAtSchedulesAsync();
        await world.PassAsync(Minute);
        await world.LookAtSchedulesAsync();
        var run = Assert.Single(await RunsAsync(world, schedule));
        Assert.Equal(ScheduleRunState.Waiting, run.State);
        Assert.Contains("BACKUP", run.Fault, StringComparison.Ordinal);

        await world.SettleAsync();
        await LookAsync(world);
        Assert.Equal(["nightly-20300101-0300", "own"], (await NamesAsync(world)).Order());
        Assert.Equal(ScheduleRunState.Done, Assert.Single(await RunsAsync(world, schedule)).State);
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_is_waited_for_an_hour_and_then_its_history_and_the_schedule_say_why()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        var schedule = await world.Api.ScheduleAsync("nightly", there[0], Nightly);
        world.Guest(there[0]).Die();
        await world.PassAsync(Day);

        await LookAsync(world, rounds: 50);
        Assert.Equal(ScheduleRunState.Waiting, Assert.Single(await RunsAsync(world, schedule)).State);
        await LookAsync(world, rounds: 15);

        Assert.Equal(ScheduleRunState.Failed, Assert.Single(await RunsAsync(world, schedule)).State);
        Assert.Contains("not currently available", (await FindAsync(world, schedule)).LastFault, StringComparison.Ordinal);
        Assert.NotNull(await world.Database.ReadAsync(unit => HistoryRows.Last(unit, there[0], "scheduled-backup"), Cancel));
        Assert.Empty(await NamesAsync(world));

        world.Guest(there[0]).Restart();
        await world.PassAsync(Day);
        await LookAsync(world);
        Assert.Single(await NamesAsync(world));
        Assert.Null((await FindAsync(world, schedule)).LastFault);
    }

    [Fact]
    public async Task Without_quota_it_is_said_once_and_tried_at_the_next_time()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        var schedule = await world.Api.ScheduleAsync("nightly", there[0], Nightly);
        await LimitAsync(world, 0);
        await world.PassAsync(Day);

        await LookAsync(world, rounds: 5);
        Assert.Equal("The project has as many backups as it may have.", (await FindAsync(world, schedule)).LastFault);
        Assert.Equal(
            1, await world.Database.ReadAsync(unit => HistoryRows.CountSince(unit, "scheduled-backup", 0), Cancel));

        await LimitAsync(world, 5);
        await LookAsync(world, rounds: 5);
        Assert.Empty(await NamesAsync(world));
        await world.PassAsync(Day);
        await LookAsync(world);
        Assert.Single(await NamesAsync(world));
    }

    [Fact]
    public async Task A_schedule_of_the_project_backs_up_each_set_once()
    {
        using var world = await World.CreateAsync();
        await Sets.MasterWith(world, 1);
        await world.Api.CreateAsync("other");
        await world.SettleAsync();
        await world.Api.ScheduleAsync("all", null, Nightly);

        await world.PassAsync(Day);
        await LookAsync(world);

        Assert.Equal(["all-m1-20300101-0300", "all-other-20300101-0300"], (await NamesAsync(world)).Order());
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task Three_weeks_of_chains_keep_what_is_to_be_kept_and_no_chain_is_ever_broken()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        await world.Api.ScheduleAsync(
            "nightly", there[0], Nightly, """, "incremental": true, "full_every": 3, "keep_last": 4 """);

        for (var day = 1; day <= 21; day++)
        {
            await world.PassAsync(Day);
            await LookAsync(world);
            await ExpireAsync(world);
            await Invariants.CheckAsync(world);
            var kept = await BackupsAsync(world);
            Assert.All(kept, one => Assert.Equal(BackupState.Completed, one.State));

            // Four, and of the oldest chain those that the oldest of them follows on.
            Assert.InRange(kept.Count, Math.Min(day, 4), 6);
            Assert.Equal(day % 3 == 1, kept[^1].ParentId is null);
        }
    }

    [Fact]
    public async Task A_backup_of_the_users_own_keeps_what_it_follows_on()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        await world.Api.ScheduleAsync("nightly", there[0], Nightly, """, "keep_last": 1 """);
        await world.PassAsync(Day);
        await LookAsync(world);
        var first = Assert.Single(await BackupsAsync(world));
        await world.Api.BackUpAsync("own", there[0], first.Id);
        await world.SettleAsync();

        for (var day = 0; day < 3; day++)
        {
            await world.PassAsync(Day);
            await LookAsync(world);
            await ExpireAsync(world);
        }

        var left = await BackupsAsync(world);
        Assert.Equal(3, left.Count);
        Assert.Equal([first.Id], left.Where(one => one.Name == "own").Select(one => one.ParentId));
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_deleted_instance_ends_its_schedules_and_what_they_took_stays()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        var schedule = await world.Api.ScheduleAsync("nightly", there[0], Nightly, """, "keep_days": 1 """);
        await world.PassAsync(Day);
        await LookAsync(world);

        await world.Api.DeleteAsync(there[0]);
        await world.SettleAsync();
        await world.PassAsync(10 * Day);
        await LookAsync(world);
        await ExpireAsync(world);

        Assert.Null(await world.Database.ReadAsync(unit => ScheduleRows.Find(unit, schedule), Cancel));
        Assert.Single(await NamesAsync(world));
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_years_does_not_end_a_schedule()
    {
        using var world = await World.CreateAsync();
        await world.PassAsync(1000 * Day);
        var there = await Sets.Master(world);
        await world.Api.ScheduleAsync("nightly", there[0], Nightly);
        await world.PassAsync(Day);
        await LookAsync(world);

        world.Clock.SetBack(900 * Day);
        await LookAsync(world, rounds: 1);
        Assert.Single(await NamesAsync(world));
        await world.PassAsync(Day);
        await LookAsync(world);

        Assert.Equal(2, (await NamesAsync(world)).Count);
    }

    private static async Task LookAsync(World world, int rounds = 3)
    {
        for (var round = 0; round < rounds; round++)
        {
            await world.LookAtSchedulesAsync();
            await world.SettleAsync();
            await world.PassAsync(Minute);
        }
    }

    private static async Task ExpireAsync(World world)
    {
        await new ExpiredBackups(world.Database, world.Signals, world.Ids).LookAsync(Cancel);
        await world.SettleAsync();
    }

    private static Task LimitAsync(World world, long limit) => world.Database.WriteAsync(
        unit => QuotaRows.SetLimit(unit, ControlApi.Project, QuotaResources.Backups, limit), Cancel);

    private static async Task<IReadOnlyList<string>> NamesAsync(World world) => [.. (await BackupsAsync(world)).Select(one => one.Name)];

    /// <summary>In the order in which they were taken.</summary>
    private static async Task<IReadOnlyList<Backup>> BackupsAsync(World world) =>
        [.. (await world.Database.ReadAsync(unit => BackupRows.Page(unit, null, null, null, null, null, 100), Cancel)).Reverse()];

    private static Task<IReadOnlyList<ScheduleRun>> RunsAsync(World world, string schedule) =>
        world.Database.ReadAsync(unit => ScheduleRunRows.Of(unit, schedule), Cancel);

    private static async Task<BackupSchedule> FindAsync(World world, string schedule) =>
        (await world.Database.ReadAsync(unit => ScheduleRows.Find(unit, schedule), Cancel))!;
}
