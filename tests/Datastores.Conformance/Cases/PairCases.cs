using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A master and its slave. The tests share one pair and leave it as it is.</summary>
[Needs("replication")]
public abstract class PairCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const long Megabyte = 1 << 20;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Rows_from_before_and_after_the_attachment_arrive()
    {
        var pair = await fixture.PairAsync();

        await fixture.InsertAsync(pair.Master, 1000);

        await fixture.ArrivesAsync(pair.Slave, 1000);
        Assert.Contains(1, await fixture.ReadAsync(pair.Slave));
    }

    [Fact]
    public async Task The_slave_refuses_an_ordinary_client_and_an_enabled_root()
    {
        var pair = await fixture.PairAsync();
        await fixture.InsertAsync(pair.Master, 1001);
        await fixture.ArrivesAsync(pair.Slave, 1001);

        var users = new[] { (DatastoreFixture.App.Name, DatastoreFixture.App.Password), ("root", TestPair.RootPassword) };
        foreach (var (user, password) in users)
        {
            await fixture.IsRefusedAsync(pair.Slave, user, password, fixture.InsertRow(666));
        }

        Assert.DoesNotContain(666, await fixture.ReadAsync(pair.Slave));
    }

    [Fact]
    public async Task Accounts_of_the_slave_are_changed_on_its_master()
    {
        var pair = await fixture.PairAsync();

        var fault = await Faults.IsAsync(
            FaultKind.Precondition, () => pair.Slave.Accounts.CreateDatabasesAsync([new DatabaseSpec("elsewhere")], None));

        Assert.Contains(pair.Master.Id, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attaching_twice_is_attaching_once()
    {
        var pair = await fixture.PairAsync();
        var starts = pair.Slave.Supervisor.Starts;

        await pair.Slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None);

        Assert.Equal(starts, pair.Slave.Supervisor.Starts);
        var report = await pair.Slave.ReportAsync();
        Assert.True(report is { Receiving: true, Applying: true });
    }

    [Fact]
    public async Task The_same_snapshot_id_gives_the_same_offer_also_to_a_new_agent()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var first = await fixture.OfferAsync(pair.Master, slave, "one-and-the-same");
        await pair.Master.RestartAgentAsync();
        await pair.Master.Server.ResumeAsync(None);

        var second = await fixture.OfferAsync(pair.Master, slave, "one-and-the-same");

        Assert.Equal(first.Snapshot.Payload.ToArray(), second.Snapshot.Payload.ToArray());
        Assert.Equal(first.DatasetBytes, second.DatasetBytes);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task A_foreign_or_newer_document_is_refused()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var good = pair.Offer.Snapshot;

        foreach (var bad in new[]
        {
            good with { Kind = fixture.ForeignSnapshotKind },
            good with { Kind = "made-up.replication-snapshot" },
            good with { Version = good.Version + 1 },
            good with { Payload = "{\"master\": 7}"u8.ToArray() },
        })
        {
            await Faults.IsAsync(FaultKind.Unsupported, () => slave.Replication.LoadAsync(bad, None));
            await Faults.IsAsync(FaultKind.Unsupported, () => slave.Replication.AttachReplicationSlaveAsync(bad, None));
        }
    }

    [Fact]
    public async Task Data_larger_than_the_volume_is_refused()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();

        var fault = await Faults.IsAsync(
            FaultKind.Precondition, () => slave.Replication.LoadAsync(fixture.Inflate(pair.Offer).Snapshot, None));

        Assert.Contains("MB", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Also without a trace in a slave's history.</summary>
    [Fact]
    public async Task A_servers_log_that_is_large_begins_anew_while_the_server_runs_and_no_more_than_two_are_kept()
    {
        var pair = await fixture.PairAsync();
        foreach (var instance in new[] { pair.Master, pair.Slave })
        {
            var (log, starts) = (fixture.ServerLogOf(instance), instance.Supervisor.Starts);
            for (var turn = 1; turn <= 2; turn++)
            {
                await using (var large = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                {
                    large.SetLength(9 * Megabyte);
                }

                await Eventually.HoldsAsync("the server writes into a new file", TimeSpan.FromSeconds(60), async () =>
                {
                    await instance.ReportAsync();
                    return new FileInfo(log) is { Exists: true, Length: < Megabyte } && OpenFiles(instance).Any(file => IsOf(file, log));
                });
                var former = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(log)!), file => file != log);
                Assert.DoesNotContain(OpenFiles(instance), file => IsOf(file, former));
                Assert.Equal(9 * Megabyte, new FileInfo(former).Length);
            }

            Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(log)!).Length);
            Assert.Equal(starts, instance.Supervisor.Starts);
        }

        var master = await pair.Master.Replication.GetPositionAsync(None);
        Assert.IsType<PositionComparison.Equal>(await pair.Slave.Replication.CompareAsync(master, None));
    }

    private static List<string> OpenFiles(TestInstance instance) =>
    [
        .. Directory.EnumerateFiles($"/proc/{instance.Supervisor.ProcessId}/fd")
            .Select(file => new FileInfo(file).LinkTarget)
            .OfType<string>(),
    ];

    /// <summary>The server may see another root, but the ends of the names are the same.</summary>
    private static bool IsOf(string open, string file) =>
        open.EndsWith(string.Join('/', file.Split('/').TakeLast(4)), StringComparison.Ordinal);

    [Fact]
    public async Task The_slave_cannot_be_made_writable_have_slaves_or_be_demoted()
    {
        var pair = await fixture.PairAsync();
        var other = await fixture.NewSlaveAsync();

        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.SetWritableAsync(true, None));
        await Faults.IsAsync(FaultKind.Precondition, () => fixture.OfferAsync(pair.Slave, other));
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.DemoteReplicationMasterAsync(None));
    }

    [Fact]
    public async Task The_master_cannot_be_demoted_while_it_has_a_slave()
    {
        var pair = await fixture.PairAsync();

        await Faults.IsAsync(FaultKind.Precondition, () => pair.Master.Replication.DemoteReplicationMasterAsync(None));

        Assert.True((await fixture.LookAsync(pair.Master)).LogOn);
    }

    [Fact]
    public async Task Both_report_what_they_are()
    {
        var pair = await fixture.PairAsync();

        var master = await pair.Master.ReportAsync();
        var slave = await Eventually.SeeAsync(
            "a slave without lag",
            TimeSpan.FromSeconds(30),
            () => pair.Slave.ReportAsync(),
            report => report is { Receiving: true, Applying: true, LagSeconds: 0 });

        Assert.True(master is { LogOn: true, ReadOnly: false, SourceHost: null });
        Assert.Contains(pair.Slave.Id, master.KnownSlaves);
        Assert.True(slave is { LogOn: true, ReadOnly: true, LastError: null });
        Assert.Equal(pair.Master.Host.Address, slave.SourceHost);
        Assert.Empty((await fixture.LookAsync(pair.Slave)).ReplicationUsers);
    }

    [Fact]
    public async Task A_second_slave_follows_the_same_master()
    {
        var pair = await fixture.PairAsync();
        var second = await fixture.NewSlaveAsync();
        var starts = pair.Master.Supervisor.Starts;

        var offer = await fixture.AttachAsync(pair.Master, second);

        await fixture.InsertAsync(pair.Master, 1002);
        await fixture.ArrivesAsync(second, 1002);
        await fixture.ArrivesAsync(pair.Slave, 1002);
        Assert.Equal(starts, pair.Master.Supervisor.Starts);
        await second.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(second.Id, None);
    }

    [Fact]
    public async Task The_slave_goes_on_after_it_was_killed()
    {
        var pair = await fixture.PairAsync();

        pair.Slave.Supervisor.Kill();
        await fixture.InsertAsync(pair.Master, 1003);

        await fixture.ArrivesAsync(pair.Slave, 1003);
        await fixture.IsRefusedAsync(
            pair.Slave, DatastoreFixture.App.Name, DatastoreFixture.App.Password, fixture.InsertRow(666));
    }

    [Fact]
    public async Task Documents_do_not_show_what_they_hold()
    {
        var pair = await fixture.PairAsync();

        Assert.DoesNotContain("{", pair.Offer.Snapshot.ToString(), StringComparison.Ordinal);
    }
}
