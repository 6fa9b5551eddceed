using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Whose turn it is, and what comes of it.</summary>
public sealed class VerificationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_task_managers_verify_one_backup_at_a_time_and_all_have_their_turn()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWithBackup(world);
        var backups = new List<string> { there[1] };
        for (var number = 2; number < 4; number++)
        {
            backups.Add(await world.Api.BackUpAsync($"b{number}", there[0]));
            await world.SettleAsync();
        }

        foreach (var backup in backups)
        {
            await world.Api.VerifyAsync(backup);
        }

        for (var round = 0; round < backups.Count; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(world.LookAtVerificationsAsync, Cancel)));
            Assert.Single(await HiddenAsync(world));
            await world.SettleAsync();
            Assert.Empty(await HiddenAsync(world));
        }

        foreach (var backup in backups)
        {
            Assert.True((await FindAsync(world, backup)) is { VerifiedAt: not null, VerifiedFault: null, VerifiedTables: 1 });
        }

        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task What_a_schedule_takes_is_verified_without_anybody_asking_and_what_fails_is_not()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        await world.Api.ScheduleAsync("nightly", there[0], "0 3 * * *", """, "verify": true """);
        await world.PassAsync(TimeSpan.FromDays(1));

        for (var round = 0; round < 3; round++)
        {
            await world.LookAfterAsync();
            await world.SettleAsync();
            await world.PassAsync(TimeSpan.FromMinutes(1));
        }

        var backup = Assert.Single(await world.Database.ReadAsync(unit => BackupRows.Of(unit, there[0]), Cancel));
        Assert.True(backup is { VerifiedAt: not null, VerifiedFault: null, Verification: VerificationState.Unknown });
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task What_is_wrong_with_the_data_is_on_the_backup_and_it_can_still_be_restored()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.Master(world);
        world.Guest(there[0]).Database.Databases.Add("bad");
        var backup = await world.Api.BackUpAsync("b1", there[0]);
        await world.SettleAsync();
        await world.Api.VerifyAsync(backup);
        await world.LookAtVerificationsAsync();
        await world.SettleAsync();

        Assert.Equal("bad: Corrupt", (await FindAsync(world, backup)).VerifiedFault);
        var restored = await world.Api.RestoreAsync("r1", backup);
        await world.SettleAsync();
        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(restored)).Lifecycle);
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_backup_that_is_verified_is_not_deleted_and_can_be_afterwards()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.MasterWithBackup(world);
        await world.Api.VerifyAsync(there[1]);
        await world.LookAtVerificationsAsync();

        await Assert.ThrowsAsync<RefusedException>(() => world.Api.DeleteBackupAsync(there[1]));
        await world.SettleAsync();

        await world.Api.DeleteBackupAsync(there[1]);
        await world.SettleAsync();
        Assert.Empty(world.Objects.All);
        await Invariants.CheckAsync(world);
    }

    private static async Task<IReadOnlyList<Instance>> HiddenAsync(World world) =>
        await world.Database.ReadAsync(unit => InstanceLists.OfProject(unit, Verifier.Project), Cancel);

    private static async Task<Backup> FindAsync(World world, string id) =>
        (await world.Database.ReadAsync(unit => BackupRows.Find(unit, id), Cancel))!;
}
