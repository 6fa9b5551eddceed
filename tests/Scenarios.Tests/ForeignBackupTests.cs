using Dbaas.Domain.Backups;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Running;

namespace Dbaas.Scenarios.Tests;

/// <summary>Backups that another service took.</summary>
public sealed class ForeignBackupTests
{
    [Fact]
    public async Task No_chain_is_longer_than_what_is_restored()
    {
        using var world = await World.CreateAsync();
        var (location, last) = (world.Foreign.Add("f1"), "");
        for (var number = 1; number <= BackupRows.LongestChain; number++)
        {
            last = await world.Api.RegisterAsync($"f{number}", location);
            await world.SettleAsync();
            location = world.Foreign.Add($"f{number + 1}", location);
        }

        var tooLong = await world.Api.RegisterAsync("one more", location);
        await world.SettleAsync();

        Assert.Equal(BackupState.Completed, (await FindAsync(world, last)).State);
        Assert.Equal(BackupRows.LongestChain, (await world.Database.ReadAsync(unit => BackupRows.Chain(unit, last), Cancel)).Count);
        var refused = await FindAsync(world, tooLong);
        Assert.Equal((BackupState.Failed, null), (refused.State, refused.ParentId));
        Assert.Contains("more are not restored here", refused.FaultMessage, StringComparison.Ordinal);
        await Invariants.CheckAsync(world);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Backup> FindAsync(World world, string id) =>
        (await world.Database.ReadAsync(unit => BackupRows.Find(unit, id), Cancel))!;
}
