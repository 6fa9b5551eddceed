using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Cloud;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Operations.CreateBackup;
using Dbaas.TaskManager.Operations.CreateSlave;

namespace Dbaas.Scenarios.Tests;

/// <summary>Workers and commands that come back from the past.</summary>
public sealed class OldWorkerTests
{
    private static readonly CutCase Undone = new(
        "a creation is undone", OperationKinds.CreateInstance,
        Sets.Nothing,
        (world, _) =>
        {
            world.Cloud.Faults.Unlaunchable.Add("m2");
            world.Cloud.Faults.Add("ensure volume", CloudTrouble.LoseAnswer);
            return world.Api.CreateAsync("m2");
        });

    private static readonly string[] EndedByUpkeep = ["a slave cannot attach", "a master is demoted by upkeep"];

    /// <summary>For each kind of operation the first course that a worker alone makes.</summary>
    private static readonly IReadOnlyList<CutCase> Courses =
    [
        .. CutCases.All.Where(one => one is { IsAboutSilence: false, IsBySchedule: false } && !EndedByUpkeep.Contains(one.Name))
            .GroupBy(one => one.Kind).Select(kind => kind.First()),
        Undone,
    ];

    public static TheoryData<string> Names => [.. Courses.Select(course => course.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_worker_that_wakes_up_after_its_lease_was_taken_changes_nothing(string name)
    {
        var course = Courses.Single(one => one.Name == name);
        using var start = await World.CreateAsync();
        var there = await course.Arrange(start);
        var at = 0;
        while (await HoldBackAsync(await start.CopyAsync(), course, there, at))
        {
            at++;
        }

        Assert.True(at > 3, $"Only {at} points were found.");
    }

    [Fact]
    public async Task A_command_from_before_the_last_claim_is_not_carried_out()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        await world.Api.RestartAsync(master);
        await world.SettleAsync();
        var old = new GuestCommandRow
        {
            Id = "from-the-past",
            InstanceId = master,
            FenceGeneration = 1,
            FenceCounter = 1,
            Kind = new RestartServer().KindName(),
            Body = "{}",
            DeadlineSeconds = 60,
            Created = world.Clock.Milliseconds,
            Expires = world.Clock.Milliseconds + 60_000,
        };
        await world.Database.WriteAsync(unit => CommandRows.Ensure(unit, old), TestContext.Current.CancellationToken);

        await world.LetGuestsActAsync(new Undisturbed());

        var answered = await world.Database.ReadAsync(unit => CommandRows.Find(unit, old.Id), TestContext.Current.CancellationToken);
        Assert.Contains("Fenced", answered!.Reply, StringComparison.Ordinal);
        Assert.Equal(1, world.Guest(master).Database.Restarts);
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("get_replication_snapshot")]
    public async Task Time_in_which_no_worker_runs_does_not_count_against_a_step(string command)
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        var slave = await world.Api.CreateSlaveAsync("s1", master);
        world.GuestFaults.Add(command == "prepare" ? "s1" : "m1", command, GuestTrouble.Delay, delay: TimeSpan.FromSeconds(40));
        var line = new CutLine(command == "prepare" ? 75 : 100);
        using (var worker = world.StartWorker(line))
        {
            await Assert.ThrowsAsync<CutException>(() => world.SettleAsync(worker, line));
        }

        await world.PassAsync(TimeSpan.FromHours(3));
        await world.SettleAsync();

        Assert.Equal(master, (await world.Api.FindAsync(slave)).SlaveOfId);
        await Invariants.CheckAsync(world);
    }

    /// <summary>Then the data came with the attachment, and there was no step for it.</summary>
    [Fact]
    public async Task A_slave_that_the_release_before_began_is_finished_by_this_one()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        var slave = await world.Api.CreateSlaveAsync("s1", master);
        var line = new CutLine(60);
        using (var worker = world.StartWorker(
            line,
            (networks, volumes, compute, guests, access) =>
                [CreateSlaveWorkflow.DefineFirst(networks, volumes, compute, guests, access, world.Guests, world.Ids)]))
        {
            await Assert.ThrowsAsync<CutException>(() => world.SettleAsync(worker, line));
        }

        var begun = await world.Database.ReadAsync(
            unit => unit.First<long>("SELECT workflow_version FROM operations WHERE instance_id = @slave", new { slave }),
            TestContext.Current.CancellationToken);
        Assert.Equal(1, begun);
        await world.SettleAsync();

        Assert.Equal(master, world.Guest(slave).Database.Follows);
        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(slave)).Lifecycle);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_backup_that_the_release_before_began_is_finished_by_this_one_where_it_was_begun()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.MasterWith(world, 1))[0];
        var backup = await world.Api.BackUpAsync("b1", master);
        var line = new CutLine(20);
        using (var worker = world.StartWorker(
            line,
            (_, _, _, guests, _) =>
                [CreateBackupWorkflow.DefineFirst(world.Objects, world.Objects, guests, new BackupOptions(), world.Guests)]))
        {
            await Assert.ThrowsAsync<CutException>(() => world.SettleAsync(worker, line));
        }

        var begun = await world.Database.ReadAsync(
            unit => unit.First<string>(
                "SELECT workflow_version || ' ' || step_name FROM operations WHERE kind = @kind",
                new { kind = OperationKinds.CreateBackup }),
            TestContext.Current.CancellationToken);
        Assert.Equal("1 write data", begun);
        await world.SettleAsync();

        var row = await world.Database.ReadAsync(unit => BackupRows.Find(unit, backup)!, TestContext.Current.CancellationToken);
        Assert.Equal((BackupState.Completed, null), (row.State, row.TakenOn));
        await Invariants.CheckAsync(world);
    }

    /// <returns>False: the course has no such point.</returns>
    private static async Task<bool> HoldBackAsync(World world, CutCase course, string[] there, int at)
    {
        using (world)
        {
            await course.Act(world, there);
            var hold = new HoldBack(at);
            using var old = world.StartWorker(hold);
            var past = world.SettleAsync(old, new Undisturbed());
            if (await Task.WhenAny(past, hold.Reached) == past)
            {
                await past;
                return false;
            }

            await world.PassAsync(Worker.Lease + TimeSpan.FromSeconds(1));
            await world.SettleAsync();
            var end = await Fingerprint.TakeAsync(world);
            hold.LetGo();
            await past;

            await Invariants.CheckAsync(world);
            Assert.Equal(end, await Fingerprint.TakeAsync(world));
            return true;
        }
    }
}
