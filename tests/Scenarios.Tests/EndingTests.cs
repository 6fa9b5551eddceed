using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Cloud;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Every operation ends, whatever fails for good; and an instance can be deleted at any time.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan LongestUndo = TimeSpan.FromMinutes(75);

    public static TheoryData<string> Moves => new(
        OperationKinds.ResizeFlavor, OperationKinds.Migrate, OperationKinds.ResizeVolume, OperationKinds.Reboot);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task An_operation_whose_server_vanishes_ends_and_the_instance_can_be_deleted(string kind)
    {
        using var world = await World.CreateAsync();
        world.Cloud.GrowsStoppedOnly = true;
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.DieBefore, happens: () => world.Cloud.Vanish(id));

        await BeginAsync(world, kind, id);
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.Null(row.LockOwner);
        Assert.NotNull(row.FaultMessage);
        await Invariants.CheckOperationsAsync(world);
        await world.Api.DeleteAsync(id);
        await world.SettleAsync();
        Assert.True((await world.Api.FindAsync(id)).Deleted);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task An_undo_that_the_cloud_refuses_for_good_is_abandoned_and_the_instance_is_broken()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
        world.Cloud.Faults.Add("revert resize", CloudTrouble.FailForGood, times: 1000);

        await world.Api.ResizeFlavorAsync(id, "2");
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.Equal((Lifecycle.Broken, (string?)null), (row.Lifecycle, row.LockOwner));
        Assert.Contains("The flavor could not be changed", row.FaultMessage, StringComparison.Ordinal);
        Assert.Contains("The cloud refuses: revert resize.", row.FaultMessage, StringComparison.Ordinal);
        await world.Api.DeleteAsync(id);
        await world.SettleAsync();
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task An_undo_of_a_cloud_that_never_comes_back_ends_by_its_time_limit()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
        world.Cloud.Faults.GoAwayAt("revert resize", TimeSpan.FromDays(30));
        var begun = world.Clock.GetUtcNow();

        await world.Api.ResizeFlavorAsync(id, "2");
        await world.SettleAsync();

        Assert.Equal(Lifecycle.Broken, (await world.Api.FindAsync(id)).Lifecycle);
        Assert.True(world.Clock.GetUtcNow() - begun < LongestUndo, $"It took {world.Clock.GetUtcNow() - begun}.");
        await Invariants.CheckOperationsAsync(world);
    }

    /// <summary>After the step nobody has been heard of for a moment: that is no reason to leave a database stopped.</summary>
    [Fact]
    public async Task After_a_rebuild_that_was_refused_the_database_runs_whenever_the_clocks_stepped_back()
    {
        var isReached = true;
        var points = 0;
        for (; isReached; points++)
        {
            using var world = await World.CreateAsync();
            var id = (await Sets.Master(world))[0];
            world.Cloud.Faults.Add("rebuild server", CloudTrouble.FailForGood, times: 10);
            await world.Api.RebuildAsync(id);
            var step = new Interruption(points, () =>
            {
                world.Clock.SetBack(TimeSpan.FromHours(1));
                return Task.CompletedTask;
            });
            using var worker = world.StartWorker(step);

            await world.SettleAsync(worker, step);

            Assert.True(world.Guest(id).Database.IsRunning, $"It is stopped; the clocks stepped back at {points}.");
            await Invariants.CheckOperationsAsync(world);
            isReached = step.HasHappened;
        }

        Assert.True(points > 10, $"{points} points");
    }

    [Fact]
    public async Task A_delete_takes_over_an_undo_that_does_not_come_to_its_end()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
        world.Cloud.Faults.Add("revert resize", CloudTrouble.FailTransiently, times: 1000);
        await world.Api.ResizeFlavorAsync(id, "2");
        await UntilUndoingAsync(world, id);

        await world.Api.DeleteAsync(id);
        var begun = world.Clock.GetUtcNow();
        await world.SettleAsync();

        Assert.True((await world.Api.FindAsync(id)).Deleted);
        Assert.True(world.Clock.GetUtcNow() - begun < TimeSpan.FromMinutes(3), $"It took {world.Clock.GetUtcNow() - begun}.");
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_delete_takes_over_an_undo_that_was_ordered_before()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
        world.Cloud.Faults.Add("revert resize", CloudTrouble.FailTransiently, times: 1000);
        await world.Api.ResizeFlavorAsync(id, "2");
        await UntilAsync(world, id, operation => operation.StepName == "start database");
        await world.Api.GiveUpAsync(id);
        await UntilUndoingAsync(world, id);

        await world.Api.DeleteAsync(id);
        await world.SettleAsync();

        Assert.True((await world.Api.FindAsync(id)).Deleted);
        await Invariants.CheckAsync(world);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resize_that_is_being_confirmed_is_not_taken_back(bool byReset)
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.Faults.Add("confirm resize", CloudTrouble.LoseAnswer);
        if (!byReset)
        {
            world.Cloud.Faults.GoAwayAt("find server", TimeSpan.FromMinutes(25));
        }

        await world.Api.ResizeFlavorAsync(id, "2");
        await UntilAsync(world, id, operation => operation.StepName == "confirm" && operation.Attempts > 0);
        if (byReset)
        {
            await world.Api.GiveUpAsync(id);
        }

        await world.SettleAsync();

        Assert.Equal("2", (await world.Api.FindAsync(id)).FlavorId);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_resize_that_cannot_be_confirmed_for_good_ends_in_its_new_size()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.Faults.Add("confirm resize", CloudTrouble.FailForGood, times: 1000);

        await world.Api.ResizeFlavorAsync(id, "2");
        await world.SettleAsync();

        var row = await world.Api.FindAsync(id);
        Assert.Equal(("2", Lifecycle.Broken), (row.FlavorId, row.Lifecycle));
        Assert.Contains("The cloud refuses: confirm resize.", row.FaultMessage, StringComparison.Ordinal);
        await world.Api.DeleteAsync(id);
        await world.SettleAsync();
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_transient_failure_to_start_the_database_again_is_tried_again()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.Faults.Add("reboot server", CloudTrouble.FailForGood);
        world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailTransiently, times: 3);

        await world.Api.RebootAsync(id);
        await world.SettleAsync();

        Assert.True(world.Guest(id).Database.IsRunning);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_volume_that_cannot_be_extended_although_its_server_is_stopped_ends_the_resize_soon()
    {
        using var world = await World.CreateAsync();
        (world.Cloud.GrowsStoppedOnly, world.Cloud.NeverGrows) = (true, true);
        var id = (await Sets.Master(world))[0];
        var begun = world.Clock.GetUtcNow();

        await world.Api.ResizeVolumeAsync(id, 5);
        await world.SettleAsync();

        Assert.True(world.Clock.GetUtcNow() - begun < TimeSpan.FromMinutes(3), $"It took {world.Clock.GetUtcNow() - begun}.");
        Assert.True(world.Guest(id).Database.IsRunning);
        Assert.Contains("still the compute plane says", (await world.Api.FindAsync(id)).FaultMessage, StringComparison.Ordinal);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task What_fails_while_the_volume_is_full_says_so()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "restart_server", GuestTrouble.FailForGood);
        await world.Api.RestartAsync(id);
        world.Guest(id).Volume = new VolumeUse(1_000_000_000, 999_990_000);
        await world.PassAsync(TimeSpan.FromSeconds(30));
        await world.SettleAsync();

        Assert.EndsWith("does not work. The volume is full.", (await world.Api.FindAsync(id)).FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_on_failing_in_a_way_that_may_pass_ends_at_the_steps_time_limit()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "restart_server", GuestTrouble.FailTransiently, times: 10_000);
        var begun = world.Clock.GetUtcNow();

        await world.Api.RestartAsync(id);
        await world.SettleAsync();

        Assert.Contains("restart_server did not work this time.", (await world.Api.FindAsync(id)).FaultMessage, StringComparison.Ordinal);
        Assert.InRange(world.Clock.GetUtcNow() - begun, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12));
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task An_evacuation_whose_answer_is_lost_does_not_leave_a_stopped_server_that_looks_ready()
    {
        using var world = await World.CreateAsync();
        var id = (await Sets.Master(world))[0];
        world.Cloud.KillHostOf(id);
        world.Cloud.Faults.Add("evacuate server", CloudTrouble.LoseAnswer);

        await world.Api.EvacuateAsync(id);
        await UntilAsync(world, id, operation => operation.Attempts > 0);
        await world.Api.GiveUpAsync(id);
        await world.SettleAsync();

        Assert.Equal(Lifecycle.Broken, (await world.Api.FindAsync(id)).Lifecycle);
        await Invariants.CheckAsync(world);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_master_that_cannot_forget_a_slave_does_not_keep_it(bool isDeleted)
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWith(world, 1);
        world.GuestFaults.Add("m1", "forget_replication_slave", GuestTrouble.FailForGood, times: 1000);

        await (isDeleted ? world.Api.DeleteAsync(there[1]) : world.Api.DetachAsync(there[1]));
        await world.SettleAsync();

        var slave = await world.Api.FindAsync(there[1]);
        Assert.Equal((isDeleted, (string?)null), (slave.Deleted, slave.SlaveOfId));
        Assert.Equal(0, (await world.Api.FindAsync(there[0])).SlaveCount);
        await Invariants.CheckOperationsAsync(world);
    }

    private static Task<string> BeginAsync(World world, string kind, string id) => kind switch
    {
        OperationKinds.ResizeFlavor => world.Api.ResizeFlavorAsync(id, "2"),
        OperationKinds.Migrate => world.Api.MigrateAsync(id),
        OperationKinds.ResizeVolume => world.Api.ResizeVolumeAsync(id, 5),
        _ => world.Api.RebootAsync(id),
    };

    private static Task UntilUndoingAsync(World world, string id) =>
        UntilAsync(world, id, operation => operation.Status == OperationStatus.Undoing && operation.Attempts > 2);

    private static async Task UntilAsync(World world, string id, Func<Operation, bool> isThere)
    {
        var undisturbed = new Undisturbed();
        using var worker = world.StartWorker(undisturbed);
        for (var turn = 0; turn < 1000; turn++)
        {
            if ((await world.Database.ReadAsync(unit => OperationRows.Active(unit, id), Cancel)).Any(isThere))
            {
                return;
            }

            var due = await worker.FindDueAsync();
            foreach (var operation in due)
            {
                await worker.RunAsync(operation);
            }

            if (!await world.LetGuestsActAsync(undisturbed) && due.Count == 0)
            {
                await world.AdvanceAsync();
            }
        }

        Assert.Fail("The operation never came there.");
    }
}
