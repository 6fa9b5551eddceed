using System.Diagnostics;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>
/// A volume without a free block: whatever is asked of the server ends soon, with a fault that says so if it cannot be done, and once there
/// is room everything is there and goes on.
/// </summary>
[Needs("accounts", "replication")]
public abstract class FullVolumeCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int VolumeMegabytes = 600;
    private const int LeftMegabytes = 24;

    /// <summary>Nothing waits for minutes for a server that can neither stop nor start.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(100);

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_restart_of_a_server_on_a_full_volume_says_so_and_all_comes_up_with_room()
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, VolumeMegabytes);
        await fixture.PrepareMasterAsync(master);
        var rows = await FillAsync(master, volume);

        await EndsSoonAsync(soon => master.Server.RestartAsync(() => { }, soon));
        await EndsSoonAsync(master.Server.StopAsync);

        volume.MakeRoom();
        await WorksAsync(master, rows);
    }

    /// <summary>A slave has no room for what it receives, and is asked to let go; then it has some.</summary>
    protected async Task SlaveCatchesUpAsync()
    {
        var master = await fixture.NewMasterAsync();
        var slave = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(slave, VolumeMegabytes);
        await slave.Server.InitializeAsync(fixture.Settings(forSlave: true), None);
        await fixture.AttachAsync(master, slave);
        await volume.LeaveAsync(LeftMegabytes);
        await fixture.ExecuteAsync(master, fixture.CreateFiller);
        for (var written = 0; written < 2 * LeftMegabytes; written++)
        {
            await fixture.ExecuteAsync(master, fixture.InsertFiller(1024));
        }

        await fixture.InsertAsync(master, 1);
        await Eventually.SeeAsync(
            "the slave has no room", Soon,
            async () =>
            {
                await slave.ReportAsync();
                return new DriveInfo(slave.Host.VolumePath).AvailableFreeSpace;
            },
            free => free < 2 << 20);
        await EndsSoonAsync(soon => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, soon));

        volume.MakeRoom();
        await Eventually.SeeAsync(
            "the slave has all", Soon,
            async () =>
            {
                await slave.ReportAsync();
                return (await slave.Server.GetStatusAsync(None)).State is ServerState.Healthy ? await fixture.ReadAsync(slave) : [];
            },
            rows => rows.Contains(1));
        Assert.Equal(2 * LeftMegabytes, await CountAsync(slave));
    }

    /// <summary>Large rows, then small ones, until the engine takes no more; then what is left.</summary>
    /// <returns>How many it took.</returns>
    private async Task<int> FillAsync(TestInstance instance, SmallVolume volume)
    {
        await volume.LeaveAsync(LeftMegabytes);
        await fixture.ExecuteAsync(instance, fixture.CreateFiller);
        var rows = 0;
        foreach (var kilobytes in new[] { 1024, 16 })
        {
            try
            {
                for (; rows < 10_000; rows++)
                {
                    await fixture.ExecuteAsync(instance, fixture.InsertFiller(kilobytes));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"After {rows} rows: {e.Message}");
            }
        }

        volume.TakeAll();
        return rows;
    }

    /// <summary>Done, or a fault that says why not.</summary>
    private static async Task EndsSoonAsync(Func<CancellationToken, Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        using var soon = new CancellationTokenSource(Soon);
        try
        {
            await call(soon.Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"Done after {Stopwatch.GetElapsedTime(started)}.");
        }
        catch (DatastoreException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{e.Kind} after {Stopwatch.GetElapsedTime(started)}: {e.Message}");
            Assert.Contains("The volume is full", e.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task WorksAsync(TestInstance instance, int rows)
    {
        await instance.Server.StartAsync(None);
        Assert.Equal(ServerState.Healthy, (await instance.Server.GetStatusAsync(None)).State);
        Assert.True(await CountAsync(instance) >= rows, $"{rows} rows were taken, and {await CountAsync(instance)} are there.");
        await fixture.ExecuteAsync(instance, fixture.InsertFiller(1024));
        await instance.Accounts.CreateDatabasesAsync([new DatabaseSpec("later")], None);
    }

    private async Task<int> CountAsync(TestInstance instance)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        return Assert.Single(await client.ReadAsync(fixture.CountFiller));
    }
}
