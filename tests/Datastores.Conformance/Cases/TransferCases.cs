using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Data on its way to a slave, and how it is cut off.</summary>
[Needs("replication")]
public abstract class TransferCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Of data that has several.</summary>
    private const long Megabyte = 1024 * 1024;

    /// <summary>Where the engines keep what is not whole.</summary>
    private static readonly string[] UnfinishedFolders = ["data.new", "clone.tmp"];

    [Fact]
    public async Task A_load_that_was_given_up_starts_over()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave);
        using var cut = new CancellationTokenSource();
        var load = slave.Replication.LoadAsync(offer.Snapshot, cut.Token);
        await Eventually.HoldsAsync(
            "the load has begun",
            TimeSpan.FromSeconds(60),
            () => HasBegun(slave));
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => load);
        Assert.False(Directory.Exists(Path.Combine(slave.Host.VolumePath, "data")));

        await slave.RestartAgentAsync();
        await slave.Server.ResumeAsync(None);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);

        await fixture.InsertAsync(pair.Master, 3001);
        await fixture.ArrivesAsync(slave, 3001);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    /// <summary>Of engines that send their data by the server's own port nothing passes here that could be held.</summary>
    [Fact]
    public async Task What_comes_while_the_data_is_loaded_is_told_so_and_the_load_goes_on()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave);
        var (release, progress) = (new TaskCompletionSource(), new CountedProgress());
        fixture.Hub.Hold = () => release.Task;
        var load = slave.Replication.LoadReplicationSnapshotAsync(offer.Snapshot, [], progress, None);
        await Eventually.HoldsAsync("the load has begun", TimeSpan.FromSeconds(60), () => HasBegun(slave));
        fixture.Hub.Hold = null;

        foreach (var call in new Func<Task>[]
        {
            () => slave.Server.StartAsync(None),
            () => slave.Server.RestartAsync(() => { }, None),
            () => slave.Server.InitializeAsync(fixture.Settings(forSlave: true), None),
            () => slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None),
            () => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None),
            () => slave.Replication.LoadAsync(offer.Snapshot, None),
        })
        {
            var fault = await Faults.IsAsync(FaultKind.Transient, call);
            Assert.Contains("is being loaded", fault.Message, StringComparison.Ordinal);
        }

        await slave.Server.StopAsync(None);
        Assert.Contains("is being loaded", (await slave.Server.GetStatusAsync(None)).Detail, StringComparison.Ordinal);
        release.SetResult();
        await load;
        Assert.True(progress.Done > 0);
        Assert.Equal(offer.DatasetBytes, progress.Expected);
        await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);
        await fixture.InsertAsync(pair.Master, 3003);
        await fixture.ArrivesAsync(slave, 3003);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task A_slave_without_data_does_not_follow()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();

        await Faults.IsAsync(
            FaultKind.Precondition, () => slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None));
    }

    /// <summary>Of engines that send their data by the server's own port nothing passes here.</summary>
    [Fact]
    public async Task A_stream_that_is_cut_in_the_middle_is_a_transient_fault_and_starts_over()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave);
        fixture.Hub.CutNextAfter = fixture.StreamsData ? Megabyte : null;

        if (fixture.StreamsData)
        {
            await Faults.IsAsync(FaultKind.Transient, () => slave.Replication.LoadAsync(offer.Snapshot, None));
            Assert.False(Directory.Exists(Path.Combine(slave.Host.VolumePath, "data")));
        }

        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);
        await fixture.InsertAsync(pair.Master, 3002);
        await fixture.ArrivesAsync(slave, 3002);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    /// <summary>Of engines that send their data by the server's own port each waits for its turn.</summary>
    [Fact]
    public async Task Slaves_that_were_asked_for_together_get_their_data_from_one_copy_or_in_turn()
    {
        var pair = await fixture.PairAsync();
        var group = new SlaveGroup(Guid.CreateVersion7().ToString(), 3);
        var slaves = new List<(TestInstance Slave, SnapshotOffer Offer)>();
        for (var number = 0; number < group.Size; number++)
        {
            var slave = await fixture.NewSlaveAsync();
            slaves.Add((slave, await pair.Master.Replication.GetReplicationSnapshotAsync(
                new GetReplicationSnapshot(slave.Id, slave.Id, slave.Host.Address, 600) { Group = group }, None)));
        }

        var runs = Runs();
        await Task.WhenAll(slaves.Select(one => one.Slave.Replication.LoadAsync(one.Offer.Snapshot, None)));
        Assert.Equal(fixture.StreamsData ? 1 : 0, Runs() - runs);

        await fixture.InsertAsync(pair.Master, 3004);
        foreach (var (slave, offer) in slaves)
        {
            await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);
            await fixture.ArrivesAsync(slave, 3004);
            await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
        }

        int Runs() => pair.Master.Processes.Programs.Count(program => program.Program == fixture.BackupPrograms.Write);
    }

    /// <summary>Tried for half a day it would be a slave that never comes, and nobody would know why.</summary>
    [Fact]
    public async Task A_copy_that_the_engine_gives_up_three_times_ends_with_the_engines_own_words()
    {
        var master = await fixture.NewMasterAsync();
        await fixture.InsertAsync(master, 1);
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(master, slave, "disturbed");
        DatastoreException fault = null!;
        await using (fixture.DisturbCopies(master))
        {
            foreach (var kind in new[] { FaultKind.Transient, FaultKind.Transient, FaultKind.Precondition })
            {
                fault = await Faults.IsAsync(kind, () => slave.Replication.LoadAsync(offer.Snapshot, None));
                TestContext.Current.TestOutputHelper?.WriteLine(fault.Message);
            }

            Assert.Contains(
                fixture.WordsOfDisturbedCopies, word => fault.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
        }

        await master.Replication.CloseReplicationSnapshotAsync("disturbed", None);
        await fixture.AttachAsync(master, slave);
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);
        Assert.Equal([1, 2], await fixture.ReadAsync(slave));
    }

    [Fact]
    public async Task A_half_loaded_slave_is_not_taken_for_a_whole_one()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave);
        var half = Directory.CreateDirectory(Path.Combine(slave.Host.VolumePath, "data.new"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "half"), "loaded");

        await slave.Replication.LoadAsync(offer.Snapshot, None);

        Assert.False(File.Exists(Path.Combine(slave.Host.VolumePath, "data", "half")));
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task A_closed_snapshot_cannot_be_loaded_any_more()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave, "to-be-closed");
        await pair.Master.Replication.CloseReplicationSnapshotAsync("to-be-closed", None);
        await pair.Master.Replication.CloseReplicationSnapshotAsync("to-be-closed", None);

        await Assert.ThrowsAsync<DatastoreException>(() => slave.Replication.LoadAsync(offer.Snapshot, None));

        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task What_was_on_offer_goes_when_its_time_is_over()
    {
        var master = await fixture.NewMasterAsync();
        var slave = await fixture.NewSlaveAsync();
        await master.Replication.GetReplicationSnapshotAsync(new GetReplicationSnapshot("short", slave.Id, slave.Host.Address, 1), None);

        await Eventually.SeeAsync(
            "the slave's own user alone",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                await master.ReportAsync();
                return (await fixture.LookAsync(master)).ReplicationUsers.Count;
            },
            users => users == 1);
    }

    [Fact]
    public async Task A_master_that_is_away_is_a_transient_fault()
    {
        var master = await fixture.NewMasterAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(master, slave);
        await master.Server.StopAsync(None);

        await Faults.IsAsync(FaultKind.Transient, () => slave.Replication.LoadAsync(offer.Snapshot, None));

        await master.Server.StartAsync(None);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);
    }

    private static bool HasBegun(TestInstance slave) =>
        UnfinishedFolders.Any(name => Directory.Exists(Path.Combine(slave.Host.VolumePath, name)));
}
