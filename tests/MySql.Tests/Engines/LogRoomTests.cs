using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A binary log and the room on its volume.</summary>
public abstract class LogRoomTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int VolumeMegabytes = 600;
    private const int Scarce = 100;
    private const int NearlyNothing = 12;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_a_slave_that_is_away_needs_is_kept_as_long_as_the_volume_allows_and_what_all_have_goes_when_room_is_scarce()
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, VolumeMegabytes);
        await fixture.PrepareMasterAsync(master);
        var slave = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(master, slave);
        var files = await MakeFilesAsync(master, 1);
        await fixture.ArrivesAsync(slave, 1);
        await master.ReportAsync();
        Assert.Equal(files, fixture.LogFilesOf(master));

        await volume.LeaveAsync(Scarce);
        await OnlyTheNewestIsLeftAsync(master);

        await slave.Server.StopAsync(None);
        files = await MakeFilesAsync(master, 2);
        for (var look = 0; look < 5; look++)
        {
            await master.ReportAsync();
        }

        Assert.Equal(files, fixture.LogFilesOf(master));
        await slave.Server.StartAsync(None);
        await fixture.ArrivesAsync(slave, 2);
        await OnlyTheNewestIsLeftAsync(master);

        await slave.Server.StopAsync(None);
        await MakeFilesAsync(master, 3);
        volume.MakeRoom();
        await volume.LeaveAsync(NearlyNothing);
        await OnlyTheNewestIsLeftAsync(master);
    }

    /// <summary>A start begins a file.</summary>
    private async Task<IReadOnlyList<string>> MakeFilesAsync(TestInstance master, int row)
    {
        await fixture.InsertAsync(master, row);
        await master.Server.RestartAsync(() => { }, None);
        await master.Server.RestartAsync(() => { }, None);
        var files = fixture.LogFilesOf(master);
        Assert.InRange(files.Count, 3, 9);
        return files;
    }

    private Task OnlyTheNewestIsLeftAsync(TestInstance master)
    {
        var newest = fixture.LogFilesOf(master)[^1];
        return Eventually.HoldsAsync("all but the newest file are gone", Patience, async () =>
        {
            await master.ReportAsync();
            return fixture.LogFilesOf(master).SequenceEqual([newest]);
        });
    }
}

public sealed class MariaDbLogRoomTests(MariaDbFixture fixture) : LogRoomTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MySqlLogRoomTests(MySqlFixture fixture) : LogRoomTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;
