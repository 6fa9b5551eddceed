using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.Scenarios.Tests;

/// <summary>Nothing stays in a store, however late it comes or is shown.</summary>
public sealed class LateObjectsTests
{
    private static readonly TimeSpan NotYet = TimeSpan.FromMinutes(9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_agent_was_on_its_way_with_when_its_backup_was_given_up_is_removed()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        world.GuestFaults.Add("m1", "create_backup", GuestTrouble.FailForGood);
        var failed = await FindAsync(world, await world.Api.BackUpAsync("b1", master));
        await world.SettleAsync();
        await ComesLateAsync(world, failed);
    }

    [Fact]
    public async Task What_comes_after_a_backup_was_deleted_is_removed_and_other_backups_stay()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWithBackup(world);
        var kept = await FindAsync(world, there[1]);
        var deleted = await FindAsync(world, await world.Api.BackUpAsync("b2", there[0]));
        await world.SettleAsync();
        await world.Api.DeleteBackupAsync(deleted.Id);
        await world.SettleAsync();

        await ComesLateAsync(world, deleted);

        Assert.Equal(3, world.Objects.All[kept.Place].Count);
    }

    [Fact]
    public async Task With_a_store_whose_lists_are_late_a_backup_is_complete_and_is_deleted_whole()
    {
        using var world = await World.CreateAsync();
        var master = (await Sets.Master(world))[0];
        world.Objects.ListsAreLate = true;

        var id = await world.Api.BackUpAsync("b1", master);
        await world.SettleAsync();
        var backup = await FindAsync(world, id);
        Assert.Equal(BackupState.Completed, backup.State);
        Assert.Equal(3, world.Objects.All[backup.Place].Count);

        await world.Api.DeleteBackupAsync(id);
        await world.SettleAsync();
        Assert.Empty(world.Objects.All);
    }

    private static async Task ComesLateAsync(World world, Backup gone)
    {
        Assert.DoesNotContain(gone.Place, world.Objects.All.Keys);
        world.Objects.Put(new StoredName(gone.Place, "late-00000000"), [1]);

        world.Clock.Advance(NotYet);
        await LookAsync(world);
        Assert.Contains(gone.Place, world.Objects.All.Keys);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await LookAsync(world);
        Assert.DoesNotContain(gone.Place, world.Objects.All.Keys);
        Assert.Empty(await world.Database.ReadAsync(unit => BackupRows.ToSweep(unit, long.MaxValue, 10), Cancel));
    }

    private static Task LookAsync(World world) => new LateObjects(world.Objects, world.Database, world.Clock).LookAsync(Cancel);

    private static async Task<Backup> FindAsync(World world, string id) =>
        (await world.Database.ReadAsync(unit => BackupRows.Find(unit, id), Cancel))!;
}
