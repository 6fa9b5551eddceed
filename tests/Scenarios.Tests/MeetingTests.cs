using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>One wish that comes at every point of another.</summary>
public sealed class MeetingTests
{
    [Fact]
    public async Task An_instance_deleted_at_any_point_of_its_creation_leaves_nothing()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Nothing, (world, _) => world.Api.CreateAsync("m1"), (world, _, made) => world.Api.ForceDeleteAsync(made));

        Assert.True(ends.Count > 20);
        Assert.All(ends, end => Assert.Contains("m1: deleted, no guest", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slave_deleted_at_any_point_of_its_creation_leaves_nothing_on_its_master()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master, (world, there) => world.Api.CreateSlaveAsync("s1", there[0]),
            (world, _, made) => world.Api.ForceDeleteAsync(made));

        Assert.True(ends.Count > 30);
        Assert.All(ends, end => Assert.Contains("s1: deleted, no guest", end, StringComparison.Ordinal));
        Assert.All(ends, end => Assert.Contains("m1: Ready, slave of nobody, 0 slaves", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slave_deleted_at_any_point_of_its_detachment_is_gone()
    {
        var ends = await MeetEverywhere.RunAsync(
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.DetachAsync(there[1]),
            (world, there, _) => world.Api.DeleteAsync(there[1]));

        Assert.All(ends, end => Assert.Contains("s1: deleted, no guest", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slave_that_is_detached_while_it_takes_a_backup_does_not_take_that_along()
    {
        var ends = await MeetEverywhere.RunAsync(
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.BackUpAsync("b1", there[0]),
            (world, there, _) => world.Api.DetachAsync(there[1]));

        Assert.Contains(ends, end => end.Contains("backup b1: Completed of m1,", StringComparison.Ordinal));
        Assert.Contains(ends, end => end.Contains("backup b1: Completed of m1 on a slave,", StringComparison.Ordinal));
        Assert.All(ends, end => Assert.Contains("backup b1: Completed of m1", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_deleted_at_any_point_of_its_rebuild_is_gone()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master, (world, there) => world.Api.RebuildAsync(there[0]), (world, there, _) => world.Api.ForceDeleteAsync(there[0]));

        Assert.True(ends.Count > 20);
        Assert.All(ends, end => Assert.Contains("m1: deleted, no guest", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rebuild_wanted_at_any_point_of_a_slaves_creation_is_made_or_refused()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master,
            (world, there) => world.Api.CreateSlaveAsync("s1", there[0]),
            (world, there, _) => world.Api.RebuildAsync(there[0]));

        Assert.All(ends, end => Assert.Contains("s1: Ready, slave of m1", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slave_wanted_at_any_point_of_the_last_detachment_is_built_or_refused()
    {
        var ends = await MeetEverywhere.RunAsync(
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.DetachAsync(there[1]),
            (world, there, _) => world.Api.CreateSlaveAsync("s2", there[0]));

        Assert.Contains(ends, end => end.Contains("s2: Ready, slave of m1", StringComparison.Ordinal));
        Assert.Contains(ends, end => !end.Contains("s2:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slave_wanted_at_any_point_of_its_masters_deletion_is_refused()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master, (world, there) => world.Api.DeleteAsync(there[0]),
            (world, there, _) => world.Api.CreateSlaveAsync("s1", there[0]));

        Assert.All(ends, end => Assert.DoesNotContain("s1:", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_master_cannot_be_deleted_at_any_point_of_a_slaves_creation()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master, (world, there) => world.Api.CreateSlaveAsync("s1", there[0]),
            (world, there, _) => world.Api.DeleteAsync(there[0]));

        Assert.All(ends, end => Assert.Contains("s1: Ready, slave of m1", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_other_slave_detached_at_any_point_of_a_detachment_demotes_the_master_once()
    {
        var ends = await MeetEverywhere.RunAsync(
            world => Sets.MasterWith(world, 2), (world, there) => world.Api.DetachAsync(there[1]),
            async (world, there, _) => await world.Api.DetachAsync(there[2]));

        Assert.All(ends, end => Assert.Contains("log False epoch 1", end, StringComparison.Ordinal));
        Assert.All(ends, end => Assert.DoesNotContain("demote-master", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deletion_that_waits_for_a_last_backup_is_overruled_at_any_point_by_one_that_does_not()
    {
        var ends = await MeetEverywhere.RunAsync(
            Sets.Master, (world, there) => world.Api.DeleteAfterBackupAsync(there[0], "last"),
            (world, there, _) => world.Api.DeleteAsync(there[0]));

        Assert.True(ends.Count > 10);
        Assert.All(ends, end => Assert.Contains("m1: deleted, no guest", end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Protection_that_comes_at_any_point_of_a_deletion_stops_it_or_is_refused()
    {
        foreach (var isAfterBackup in new[] { false, true })
        {
            var ends = await MeetEverywhere.RunAsync(
                Sets.Master,
                (world, there) => isAfterBackup ? world.Api.DeleteAfterBackupAsync(there[0], "last") : world.Api.DeleteAsync(there[0]),
                async (world, there, _) =>
                {
                    await world.Api.ProtectAsync(there[0], isProtected: true);
                    await world.SettleAsync();
                    Assert.False((await world.Api.FindAsync(there[0])).Deleted, "It was protected, and is deleted all the same.");
                });

            Assert.Contains(ends, end => end.Contains("m1: deleted", StringComparison.Ordinal));
            Assert.Equal(
                isAfterBackup,
                ends.Any(end => end.Contains("It was protected from deletion meanwhile.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Two_deletions_that_take_over_the_same_creation_both_end()
    {
        using var world = await World.CreateAsync();
        var id = await world.Api.CreateAsync("m1");
        await world.Api.ForceDeleteAsync(id);
        await world.Database.WriteAsync(
            unit => OperationRows.Insert(
                unit, world.Ids.NewId(), OperationKinds.DeleteInstance, id, """{"masterId":null}""", world.Clock.Milliseconds),
            TestContext.Current.CancellationToken);

        await world.SettleAsync();

        Assert.True((await world.Api.FindAsync(id)).Deleted);
        await Invariants.CheckAsync(world);
    }
}
