using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.GuestProtocol;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A master that writes more, while a slow reader takes its data, than its redo log holds.</summary>
public sealed class MariaDbOverrunTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private const int VolumeMegabytes = 500;

    /// <summary>Of which the redo log gets a quarter for the time of a copy.</summary>
    private const int LeftMegabytes = 60;
    private const int Rows = 4;
    private const int Rounds = 12;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task After_three_copies_the_fault_has_the_backup_tools_line()
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, VolumeMegabytes);
        await fixture.PrepareMasterAsync(master, configuration: new Dictionary<string, string> { ["innodb_log_file_size"] = "4M" });
        await fixture.InsertAsync(master, 1);
        await fixture.ExecuteAsync(master, fixture.CreateFiller);
        for (var row = 0; row < Rows; row++)
        {
            await fixture.ExecuteAsync(master, fixture.InsertFiller(1024));
        }

        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(master, slave, "overrun");
        await volume.LeaveAsync(LeftMegabytes);
        fixture.Hub.Hold = async () =>
        {
            volume.MakeRoom();
            await WriteAsync(master);
            await volume.LeaveAsync(LeftMegabytes);
        };
        await Faults.IsAsync(FaultKind.Transient, () => slave.Replication.LoadAsync(offer.Snapshot, None));
        await Faults.IsAsync(FaultKind.Transient, () => slave.Replication.LoadAsync(offer.Snapshot, None));
        var fault = await Faults.IsAsync(
            FaultKind.Precondition, () => slave.Replication.LoadAsync(offer.Snapshot, None));
        Assert.StartsWith("The server writes faster than it can be copied, 3 of 3 times", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Was only able to copy log", fault.Message, StringComparison.Ordinal);

        fixture.Hub.Hold = null;
        volume.MakeRoom();
        await master.Replication.CloseReplicationSnapshotAsync("overrun", None);
        await fixture.AttachAsync(master, slave);
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);
    }

    /// <summary>Beside the binary log, which would take more than all else.</summary>
    private static async Task WriteAsync(TestInstance master)
    {
        await using var session = await MySqlFamilyFixture.OpenAsync(master);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", None);
        for (var round = 0; round < Rounds; round++)
        {
            await session.ExecuteAsync(
                $"UPDATE {DatastoreFixture.Database}.filler SET b = REPEAT('{(char)('a' + round)}', 1000000)", None);
        }
    }
}
