using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A master without a free block, which gets its first slave, or is rid of its last one, once there is room.</summary>
[Needs("accounts", "replication")]
public abstract class FullMasterCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FullServer full = new(fixture);

    /// <summary>To have a log the server is started again, for which there is no room either.</summary>
    [Fact]
    public async Task A_master_on_a_full_volume_has_its_first_slave_once_there_is_room()
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, FullServer.VolumeMegabytes);
        await fixture.PrepareMasterAsync(master);
        var slave = await fixture.NewSlaveAsync();
        var rows = await full.FillAsync(master, volume);
        var request = new GetReplicationSnapshot(Guid.CreateVersion7().ToString(), slave.Id, slave.Host.Address, 600);

        await FullServer.EndsSoonAsync(soon => master.Replication.GetReplicationSnapshotAsync(request, soon));
        await FullServer.EndsSoonAsync(soon => master.Replication.GetReplicationSnapshotAsync(request, soon));

        volume.MakeRoom();
        var offer = await master.Replication.GetReplicationSnapshotAsync(request, None);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);
        await full.WorksAsync(master, rows);
        await fixture.InsertAsync(master, 1);
        await fixture.ArrivesAsync(slave, 1);
        Assert.Equal(await full.CountAsync(master), await full.CountAsync(slave));
    }

    /// <summary>Its user is to go, its log, and that by a restart.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_master_on_a_full_volume_is_rid_of_its_last_slave_once_there_is_room(bool isFullBeforeItForgets)
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, FullServer.VolumeMegabytes);
        await fixture.PrepareMasterAsync(master);
        var slave = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(master, slave);
        await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);
        int rows;
        if (isFullBeforeItForgets)
        {
            rows = await full.FillAsync(master, volume);
            await FullServer.EndsSoonAsync(soon => master.Replication.ForgetReplicationSlaveAsync(slave.Id, soon));
            await FullServer.EndsSoonAsync(soon => master.Replication.ForgetReplicationSlaveAsync(slave.Id, soon));
        }
        else
        {
            await master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
            rows = await full.FillAsync(master, volume);
            await FullServer.EndsSoonAsync(master.Replication.DemoteReplicationMasterAsync);
            await FullServer.EndsSoonAsync(master.Replication.DemoteReplicationMasterAsync);
        }

        volume.MakeRoom();
        await master.Server.StartAsync(None);
        await master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
        await master.Replication.DemoteReplicationMasterAsync(None);
        await full.WorksAsync(master, rows);
        Assert.True(await fixture.LookAsync(master) is { LogOn: false, LogFiles: [], ReplicationUsers: [], ReadOnly: false });
    }
}
