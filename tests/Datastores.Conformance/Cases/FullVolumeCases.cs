using System.Diagnostics;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
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
    private const int RecordsMegabytes = 16;
    private static readonly TimeSpan StaysFullFor = TimeSpan.FromSeconds(5);
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FullServer full = new(fixture);

    [Fact]
    public async Task A_restart_of_a_server_on_a_full_volume_says_so_and_all_comes_up_with_room()
    {
        var master = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(master, FullServer.VolumeMegabytes);
        await fixture.PrepareMasterAsync(master);
        var rows = await full.FillAsync(master, volume);

        await FullServer.EndsSoonAsync(soon => master.Server.RestartAsync(() => { }, soon));
        await FullServer.EndsSoonAsync(master.Server.StopAsync);

        volume.MakeRoom();
        await full.WorksAsync(master, rows);
    }

    /// <summary>
    /// Not even the agent can write: what it is asked for is not begun, or can be gone on with. Nobody takes it for impossible, and nothing
    /// has come of it that its repetition does not find.
    /// </summary>
    [Fact]
    public async Task What_cannot_be_written_into_the_agents_records_is_done_once_there_is_room()
    {
        var (master, slave) = (fixture.NewInstance(), fixture.NewInstance());
        await using var masterRecords = await SmallFileSystem.MakeAsync(master.Host.StatePath, RecordsMegabytes);
        await using var slaveRecords = await SmallFileSystem.MakeAsync(slave.Host.StatePath, RecordsMegabytes);
        Task MasterAsync(Func<Task> call) => FullOnceAsync(masterRecords, call);
        Task SlaveAsync(Func<Task> call) => FullOnceAsync(slaveRecords, call);
        var settings = fixture.Settings();
        await MasterAsync(() => master.Server.InitializeAsync(settings, None));
        await fixture.PrepareMasterAsync(master);
        await fixture.InsertAsync(master, 1);
        await MasterAsync(() => master.Accounts.CreateDatabasesAsync("databases", [new DatabaseSpec("later")], None));
        await MasterAsync(
            () => master.Accounts.CreateUsersAsync("users", [new UserSpec("ann", "one", Databases: ["later"])], None));
        await MasterAsync(() => master.Accounts.UpdateUserAsync("update", new UpdateUser("ann", "%", "eve", null, "two"), None));
        Assert.True(await fixture.CanLogInAsync(master, "eve", "two", encrypted: true));
        await MasterAsync(() => master.Accounts.DeleteUserAsync("delete", "eve", "%", None));

        await SlaveAsync(() => slave.Server.InitializeAsync(fixture.Settings(forSlave: true), None));
        var request = new GetReplicationSnapshot("snapshot", slave.Id, slave.Host.Address, 600);
        await MasterAsync(() => master.Replication.GetReplicationSnapshotAsync(request, None));
        var offer = await master.Replication.GetReplicationSnapshotAsync(request, None);
        await SlaveAsync(() => slave.Replication.LoadAsync(offer.Snapshot, None));
        await SlaveAsync(() => slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None));
        await MasterAsync(() => master.Replication.CloseReplicationSnapshotAsync(request.SnapshotId, None));
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);

        slaveRecords.TakeAllFromRoot();
        await IsPutOffAsync(() => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None));
        await Eventually.SeeAsync(
            "it is a slave as before",
            FullServer.Soon,
            slave.ReportAsync,
            report => report is { Receiving: true, Applying: true, ReadOnly: true });
        slaveRecords.MakeRoom();
        await fixture.InsertAsync(master, 3);
        await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);

        await MasterAsync(() => master.Replication.ForgetReplicationSlaveAsync(slave.Id, None));
        await MasterAsync(() => master.Replication.DemoteReplicationMasterAsync(None));
        await MasterAsync(() => master.Replication.SetWritableAsync(false, None));
        await master.Replication.SetWritableAsync(true, None);
        foreach (var instance in new[] { master, slave })
        {
            Assert.True(
                await fixture.LookAsync(
                    instance) is { LogOn: false, LogFiles: [], ReplicationUsers: [], ReadOnly: false, FollowsSomebody: false });
            Assert.Equal([1, 2], (await fixture.ReadAsync(instance)).Take(2));
            await instance.Server.StopAsync(None);
            await instance.Datastore.DisposeAsync();
        }
    }

    /// <summary>The call while nothing can be written, and its repetition with room.</summary>
    private static async Task FullOnceAsync(SmallFileSystem records, Func<Task> call)
    {
        records.TakeAllFromRoot();
        await IsPutOffAsync(call);
        records.MakeRoom();
        await call();
    }

    /// <summary>What agents answer with a transient fault.</summary>
    private static async Task IsPutOffAsync(Func<Task> call)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(call);
        Assert.True(fault is IOException or DatastoreException { Kind: FaultKind.Transient }, $"{fault}");
    }

    /// <summary>A slave has no room for what it receives, and is asked to let go; then it has some.</summary>
    protected async Task SlaveCatchesUpAsync()
    {
        var master = await fixture.NewMasterAsync();
        var slave = fixture.NewInstance();
        await using var volume = await SmallVolume.MakeAsync(slave, FullServer.VolumeMegabytes);
        await slave.Server.InitializeAsync(fixture.Settings(forSlave: true), None);
        await fixture.AttachAsync(master, slave);
        await volume.LeaveAsync(FullServer.LeftMegabytes);
        await fixture.ExecuteAsync(master, fixture.CreateFiller);
        for (var written = 0; written < 2 * FullServer.LeftMegabytes; written++)
        {
            await fixture.ExecuteAsync(master, fixture.InsertFiller(1024));
        }

        await fixture.InsertAsync(master, 1);
        var lasting = Stopwatch.StartNew();
        await Eventually.SeeAsync(
            "the slave has no room, and gets none by itself",
            FullServer.Soon,
            async () =>
            {
                await slave.ReportAsync();
                if (new DriveInfo(slave.Host.VolumePath).AvailableFreeSpace >= 2 << 20)
                {
                    // What it applied it throws away, and receives more.
                    lasting.Restart();
                }

                return lasting.Elapsed;
            },
            since => since > StaysFullFor);
        Assert.False(
            await FullServer.EndsSoonAsync(soon => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, soon)),
            "It let go, although it could not apply what it had received.");

        volume.MakeRoom();
        await Eventually.SeeAsync(
            "the slave has all", FullServer.Soon,
            async () =>
            {
                await slave.ReportAsync();
                return (await slave.Server.GetStatusAsync(None)).State is ServerState.Healthy ? await fixture.ReadAsync(slave) : [];
            },
            rows => rows.Contains(1));
        Assert.Equal(2 * FullServer.LeftMegabytes, await full.CountAsync(slave));
    }
}
