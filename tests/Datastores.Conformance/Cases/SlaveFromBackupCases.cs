using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A slave whose data comes from a backup of its master's, and when that is out of the question.</summary>
[Needs("backups", "replication", "accounts")]
public abstract class SlaveFromBackupCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_slave_from_a_chain_of_backups_has_every_row_and_its_master_is_not_read()
    {
        var master = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.InsertAsync(master, 1);
        var full = await master.TakeAsync();
        await fixture.InsertAsync(master, 2);
        var second = await master.TakeAsync(full);
        await fixture.InsertAsync(master, 3);
        await fixture.ExecuteAsync(master, fixture.DeleteRow(1));
        var slave = await fixture.NewSlaveAsync(BinaryLogMode.Always);
        var (programs, commands) = (master.Processes.Programs.Count, slave.Processes.Programs.Count);

        var offer = await OfferAsync(master, slave, "one", [second, full], [full]);
        Assert.Equal(second.Id, offer.BackupId);
        await Assert.ThrowsAnyAsync<DatastoreException>(() => slave.Replication.LoadAsync(offer.Snapshot, None));
        await LoadAsync(slave, offer, full, second);
        Assert.Equal(programs, master.Processes.Programs.Count);
        Assert.True(slave.Processes.Programs.Count > commands);
        await master.Replication.CloseReplicationSnapshotAsync("one", None);
        await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);

        await fixture.InsertAsync(master, 4);
        await fixture.ArrivesAsync(slave, 4);
        Assert.Equal([2, 3, 4], await fixture.ReadAsync(slave));
        Assert.Equal(
            new PositionComparison.Equal(),
            await slave.Replication.CompareAsync(await master.Replication.GetPositionAsync(None), None));
        Assert.True(await slave.ReportAsync() is { Receiving: true, Applying: true, ReadOnly: true, LastError: null });

        // It is one like any other: it goes on after a restart, and is on its own when it is asked to.
        await slave.Server.RestartAsync(() => { }, None);
        await fixture.InsertAsync(master, 5);
        await fixture.ArrivesAsync(slave, 5);
        await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        Assert.Equal([2, 3, 4, 5], await fixture.ReadAsync(slave));
        Assert.Empty((await fixture.LookAsync(slave)).ReplicationUsers);
    }

    [Fact]
    public async Task A_backup_that_was_taken_on_another_slave_is_as_good()
    {
        var pair = await fixture.NewPairAsync();
        var taken = await pair.Slave.TakeAsync();
        await fixture.InsertAsync(pair.Master, 2);
        var slave = await fixture.NewSlaveAsync();

        var offer = await OfferAsync(pair.Master, slave, "one", [taken]);
        Assert.Equal(taken.Id, offer.BackupId);
        await LoadAsync(slave, offer, taken);
        await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);

        await fixture.InsertAsync(pair.Master, 3);
        await fixture.ArrivesAsync(slave, 3);
        Assert.Equal(await fixture.ReadAsync(pair.Master), await fixture.ReadAsync(slave));
        Assert.Equal(
            new PositionComparison.Equal(),
            await slave.Replication.CompareAsync(await pair.Master.Replication.GetPositionAsync(None), None));
    }

    /// <summary>Rows that were written while the log was off would be missing, and without epochs nothing would show it.</summary>
    [Fact]
    public async Task A_backup_of_before_a_demotion_is_not_gone_on_from()
    {
        var pair = await fixture.NewPairAsync();
        var before = await pair.Master.TakeAsync();
        var slave = await fixture.NewSlaveAsync();
        Assert.Equal(before.Id, (await OfferAsync(pair.Master, slave, "before", [before])).BackupId);
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);
        await fixture.InsertAsync(pair.Master, 2, 3);
        var without = await pair.Master.TakeAsync();

        var offer = await OfferAsync(pair.Master, slave, "after", [without], [before]);
        Assert.Null(offer.BackupId);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);
        await fixture.InsertAsync(pair.Master, 4);
        await fixture.ArrivesAsync(slave, 4);
        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(slave));
    }

    /// <summary>Nor what is of other data, nor what the log has lost the beginning of.</summary>
    [Fact]
    public async Task What_the_log_does_not_go_on_from_and_what_is_the_longer_way_is_not_chosen()
    {
        var master = await fixture.NewMasterAsync(BinaryLogMode.Always);
        var stranger = await fixture.NewMasterAsync(BinaryLogMode.Always);
        var (mine, strange) = (await master.TakeAsync(), await stranger.TakeAsync());
        var slave = await fixture.NewSlaveAsync(BinaryLogMode.Always);
        Assert.Null((await OfferAsync(master, slave, "strange", [strange])).BackupId);
        Assert.Null((await OfferAsync(master, slave, "foreign", [mine with
        {
            Description = mine.Description with { Document = mine.Description.Document with { Kind = "made-up.backup" } },
        }])).BackupId);

        await fixture.ExecuteAsync(master, fixture.CreateFiller);
        Assert.Equal(mine.Id, (await OfferAsync(master, slave, "short", [mine])).BackupId);
        for (var written = 0; written < 40; written++)
        {
            await fixture.ExecuteAsync(master, fixture.InsertFiller(1024));
        }

        Assert.Null((await OfferAsync(master, slave, "long", [mine])).BackupId);

        var later = await master.TakeAsync();
        Assert.Equal(later.Id, (await OfferAsync(master, slave, "later", [later], [mine])).BackupId);
        await fixture.BeginLogAnewAsync(master);
        await fixture.InsertAsync(master, 1);
        Assert.Null((await OfferAsync(master, slave, "anew", [later])).BackupId);
    }

    /// <summary>Its objects are gone, or do not open: the same offer is asked for without it.</summary>
    [Fact]
    public async Task A_backup_that_turns_out_to_be_of_no_use_is_replaced_by_the_masters_data()
    {
        var master = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.InsertAsync(master, 1);
        var backup = await master.TakeAsync();
        var slave = await fixture.NewSlaveAsync(BinaryLogMode.Always);
        var offer = await OfferAsync(master, slave, "one", [backup]);
        Assert.Equal(backup.Id, (await OfferAsync(master, slave, "one", [backup])).BackupId);
        backup.Objects.CutAfter = 100_000;
        await Assert.ThrowsAnyAsync<Exception>(() => LoadAsync(slave, offer, backup));
        Assert.False(Directory.Exists(Path.Combine(slave.Host.VolumePath, "data")));

        await master.RestartAgentAsync();
        await master.Server.ResumeAsync(None);
        var data = await OfferAsync(master, slave, "one");
        Assert.Null(data.BackupId);
        await slave.Replication.LoadAndAttachAsync(data.Snapshot, None);
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);
        Assert.Equal([1, 2], await fixture.ReadAsync(slave));
    }

    /// <summary>Each chain as the newest one first, as it is told.</summary>
    private static Task<SnapshotOffer> OfferAsync(
        TestInstance master, TestInstance slave, string snapshotId, params IReadOnlyList<Taken[]> chains) =>
        master.Replication.GetReplicationSnapshotAsync(
            new GetReplicationSnapshot(snapshotId, slave.Id, slave.Host.Address, 600)
            {
                Backups =
                [
                    .. chains.Select(chain => new BackupCandidate(
                        chain[0].Id, [.. chain.Reverse().Select(one => one.Description.Document)])),
                ],
            },
            None);

    private static Task LoadAsync(TestInstance slave, SnapshotOffer offer, params Taken[] chain) =>
        slave.Replication.LoadReplicationSnapshotAsync(offer.Snapshot, BackupTools.Stored(chain), new CountedProgress(), None);
}
