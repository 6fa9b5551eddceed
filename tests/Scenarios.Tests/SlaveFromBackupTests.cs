using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Slaves whose data comes from a backup, and what happens to that meanwhile.</summary>
public sealed class SlaveFromBackupTests
{
    [Fact]
    public async Task It_is_in_the_history_of_the_slave_and_its_master_offers_no_data()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.PairWithBackup(world);

        var slave = await world.Api.CreateSlaveAsync("s2", there[0]);
        await SettleAsync(world, "load_replication_snapshot", () =>
        {
            Assert.Empty(world.Guest(there[0]).Database.Offers);
            return Task.CompletedTask;
        });

        Assert.Contains("The backup b1", await HistoryAsync(world, slave, "done"), StringComparison.Ordinal);
        await FollowsAsync(world, slave, there[0]);
    }

    [Fact]
    public async Task Nobody_deletes_the_backup_while_the_data_is_made_of_it()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.PairWithBackup(world);

        var slave = await world.Api.CreateSlaveAsync("s2", there[0]);
        await SettleAsync(
            world,
            "load_replication_snapshot",
            () => Assert.ThrowsAsync<RefusedException>(() => world.Api.DeleteBackupAsync(there[2])));

        await FollowsAsync(world, slave, there[0]);
        await world.Api.DeleteBackupAsync(there[2]);
        await world.SettleAsync();
        await Invariants.CheckAsync(world);
    }

    [Fact]
    public async Task A_backup_that_is_deleted_while_its_master_chooses_it_is_not_used()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.PairWithBackup(world);

        var slave = await world.Api.CreateSlaveAsync("s2", there[0]);
        await SettleAsync(world, "answer to get_replication_snapshot", () => world.Api.DeleteBackupAsync(there[2]));

        Assert.Null(await HistoryAsync(world, slave, "done"));
        await FollowsAsync(world, slave, there[0]);
    }

    [Fact]
    public async Task A_backup_that_is_of_no_use_is_named_and_the_data_comes_from_the_master()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.PairWithBackup(world);
        world.GuestFaults.Add("s2", "load_replication_snapshot", GuestTrouble.FailTransiently, times: 3);

        var slave = await world.Api.CreateSlaveAsync("s2", there[0]);
        await world.SettleAsync();

        Assert.Contains("comes from the master instead", await HistoryAsync(world, slave, "failed"), StringComparison.Ordinal);
        await FollowsAsync(world, slave, there[0]);
    }

    [Fact]
    public async Task What_was_found_bad_and_what_only_the_project_can_open_is_not_used()
    {
        foreach (var change in new[] { "verified_fault = 'a table is damaged'", "own_key = 1" })
        {
            using var world = await World.CreateAsync();
            var there = await Sets.PairWithBackup(world);
            await world.Database.WriteAsync(
                unit => unit.Execute($"UPDATE backups SET {change} WHERE id = @id", new { id = there[2] }),
                TestContext.Current.CancellationToken);

            var slave = await world.Api.CreateSlaveAsync("s2", there[0]);
            await world.SettleAsync();

            Assert.Null(await HistoryAsync(world, slave, "done"));
            await FollowsAsync(world, slave, there[0]);
        }
    }

    /// <summary>Otherwise who owns one guest could have any backup opened for a slave of his.</summary>
    [Fact]
    public async Task A_guest_that_names_a_backup_of_somebody_else_gets_nothing_of_it()
    {
        using var world = await World.CreateAsync();
        var there = await Sets.PairWithBackup(world);
        var rogue = await world.Api.CreateAsync("m2");
        await world.SettleAsync();
        world.Guest(rogue).Database.Names = there[2];

        var slave = await world.Api.CreateSlaveAsync("s2", rogue);
        await world.SettleAsync();

        Assert.Null(await HistoryAsync(world, slave, "done"));
        Assert.Null(await HistoryAsync(world, slave, "failed"));
        Assert.Equal(Lifecycle.Failed, (await world.Api.FindAsync(slave)).Lifecycle);
    }

    private static async Task SettleAsync(World world, string before, Func<Task> act)
    {
        var effects = new Meanwhile(before, act);
        using var worker = world.StartWorker(effects);
        await world.SettleAsync(worker, effects);
        Assert.True(effects.WasThere, $"There was no {before}.");
    }

    private static async Task FollowsAsync(World world, string slave, string master)
    {
        Assert.Equal(Lifecycle.Ready, (await world.Api.FindAsync(slave)).Lifecycle);
        Assert.Equal(master, world.Guest(slave).Database.Follows);
        await Invariants.CheckAsync(world);
    }

    private static Task<string?> HistoryAsync(World world, string slave, string outcome) => world.Database.ReadAsync(
        unit => HistoryRows.Of(unit, slave, 100, null)
            .FirstOrDefault(entry => entry.Event == "slave-from-backup" && entry.Outcome == outcome)?.Detail,
        TestContext.Current.CancellationToken);

    private sealed class Meanwhile(string before, Func<Task> act) : IEffects
    {
        public bool WasThere { get; private set; }

        public async Task BeforeAsync(string effect)
        {
            if (effect == before && !WasThere)
            {
                WasThere = true;
                await act();
            }
        }

        public Task AfterAsync(string effect) => Task.CompletedTask;
    }
}
