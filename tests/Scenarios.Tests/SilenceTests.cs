using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>How long a guest may be silent is the operator's to say, in one place.</summary>
public sealed class SilenceTests
{
    [Theory]
    [InlineData(10, Lifecycle.Failed)]
    [InlineData(300, Lifecycle.Ready)]
    public async Task A_slave_that_is_built_gives_its_master_up_after_twice_the_limit(int seconds, Lifecycle expected)
    {
        using var world = await World.CreateAsync();
        world.Guests = world.Guests with { SilentAfter = TimeSpan.FromSeconds(seconds) };
        var master = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "get_replication_snapshot", GuestTrouble.DieAfter, happens: () =>
            world.In(TimeSpan.FromSeconds(100), () => world.Guest(master).Restart()));

        var slave = await world.Api.CreateSlaveAsync("s1", master);
        await world.SettleAsync();

        Assert.Equal(expected, (await world.Api.FindAsync(slave)).Lifecycle);
    }

    [Fact]
    public async Task A_backup_whose_server_is_gone_for_good_fails_by_itself_leaves_no_object_and_can_be_deleted()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "create_backup", GuestTrouble.DieAfter);
        var begun = world.Clock.GetUtcNow();

        var id = await world.Api.BackUpAsync("b1", master);
        await world.SettleAsync();

        var failed = (await FindAsync(world, id))!;
        Assert.Equal(BackupState.Failed, failed.State);
        Assert.Contains("The instance m1 has not answered for", failed.FaultMessage, StringComparison.Ordinal);
        Assert.True(world.Clock.GetUtcNow() - begun < TimeSpan.FromMinutes(5), $"It took {world.Clock.GetUtcNow() - begun}.");
        Assert.Empty(world.Objects.All);
        await world.Api.DeleteBackupAsync(id);
        await world.SettleAsync();
        Assert.True((await FindAsync(world, id))!.Deleted);
    }

    [Theory]
    [InlineData(10, 40)]
    [InlineData(100, 200)]
    public async Task A_deletion_passes_over_a_slave_that_has_been_silent_for_the_limit(int seconds, int atMost)
    {
        using var world = await World.CreateAsync();
        world.Guests = world.Guests with { SilentAfter = TimeSpan.FromSeconds(seconds) };
        var there = await Sets.MasterWith(world, 1);
        world.Guest(there[1]).Die();
        var begun = world.Clock.GetUtcNow();

        await world.Api.DeleteAsync(there[1]);
        await world.SettleAsync();

        Assert.InRange((world.Clock.GetUtcNow() - begun).TotalSeconds, seconds, atMost);
        await Invariants.CheckAsync(world);
    }

    private static Task<Backup?> FindAsync(World world, string id) =>
        world.Database.ReadAsync(unit => BackupRows.Find(unit, id), TestContext.Current.CancellationToken);
}
