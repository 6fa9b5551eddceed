using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Detaching, forgetting, demoting, and what must not come together again.</summary>
[Needs("replication")]
public abstract class PartingCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    // Kept for as long as the case runs: without anybody who knows it, its connection is collected, and the row is held no more.
    private IAsyncDisposable? heldRow;

    [Fact]
    public async Task After_parting_nothing_is_left_on_either_side()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2, 3, 4, 5);
        await fixture.ArrivesAsync(pair.Slave, 5);

        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        var master = await fixture.LookAsync(pair.Master);
        Assert.Empty(master.ReplicationUsers);
        Assert.Equal(0, master.DumpThreads);

        await pair.Master.Replication.DemoteReplicationMasterAsync(None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);

        foreach (var facts in new[] { await fixture.LookAsync(pair.Master), await fixture.LookAsync(pair.Slave) })
        {
            Assert.False(facts.LogOn);
            Assert.Empty(facts.LogFiles);
            Assert.Empty(facts.ReplicationUsers);
            Assert.False(facts.ReadOnly);
            Assert.False(facts.FollowsSomebody);
        }

        await fixture.InsertAsync(pair.Slave, 6);
        await fixture.InsertAsync(pair.Master, 7);
        Assert.Equal([1, 2, 3, 4, 5, 6], await fixture.ReadAsync(pair.Slave));
        Assert.Empty((await pair.Master.ReportAsync())!.KnownSlaves);
    }

    /// <summary>The log is half of a prepared transaction: it may go only after a stop in good order.</summary>
    [Fact]
    public async Task A_demotion_whose_stop_ends_in_a_kill_keeps_the_log_until_the_next_try()
    {
        var pair = await fixture.NewPairAsync();
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        pair.Master.Supervisor.NextStopIsInBadOrder = true;

        await Faults.IsAsync(FaultKind.Transient, () => pair.Master.Replication.DemoteReplicationMasterAsync(None));
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);

        Assert.False((await fixture.LookAsync(pair.Master)).LogOn);
        Assert.Equal([1], await fixture.ReadAsync(pair.Master));
    }

    [Fact]
    public async Task A_slave_whose_agent_was_killed_while_it_was_detached_receives_again()
    {
        var pair = await fixture.NewPairAsync();

        // At everything that a detachment does, until it has stopped receiving.
        var point = 0;
        do
        {
            using (fixture.CutAt(pair.Slave, point++, atChanges: true, () => { }))
            {
                await Assert.ThrowsAnyAsync<Exception>(
                    () => pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None));
            }

            await pair.Slave.RestartAgentAsync();
        }
        while (await pair.Slave.ReportAsync() is { Receiving: true });

        await pair.Slave.Server.ResumeAsync(None);

        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        Assert.Equal([1, 2], await fixture.ReadAsync(pair.Slave));
    }

    [Fact]
    public async Task A_slave_to_be_deleted_lets_go_even_if_its_master_is_dead()
    {
        var pair = await fixture.NewPairAsync();
        await pair.Master.Server.StopAsync(None);

        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);

        Assert.False((await fixture.LookAsync(pair.Slave)).FollowsSomebody);
    }

    [Fact]
    public async Task A_server_that_followed_nobody_has_nothing_to_detach_or_to_forget()
    {
        var alone = await fixture.NewMasterAsync();
        var starts = alone.Supervisor.Starts;

        await alone.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await alone.Replication.ForgetReplicationSlaveAsync("nobody", None);

        Assert.Equal(starts, alone.Supervisor.Starts);
    }

    /// <summary>Without epochs this slave would run both threads, without lag, and lack the rows written while the log was off.</summary>
    [Fact]
    public async Task A_slave_from_a_copy_of_before_the_demotion_is_refused()
    {
        var pair = await fixture.NewPairAsync();
        await pair.Slave.Server.StopAsync(None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);
        await fixture.InsertAsync(pair.Master, 2, 3);
        var later = await fixture.OfferAsync(pair.Master, pair.Slave);

        var fault = await Faults.IsAsync(
            FaultKind.Precondition, () => pair.Slave.Replication.AttachReplicationSlaveAsync(later.Snapshot, None));
        Assert.Contains("period", fault.Message, StringComparison.Ordinal);
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.AttachReplicationSlaveAsync(later.Snapshot, None));

        // The same files under an agent that never heard of the earlier period.
        var stranger = await fixture.NewSlaveAsync();
        await pair.Slave.Server.StopAsync(None);
        await fixture.CopyDataAsync(pair.Slave, stranger);
        var forStranger = await fixture.OfferAsync(pair.Master, stranger);
        await Faults.IsAsync(FaultKind.Precondition, () => stranger.Replication.AttachReplicationSlaveAsync(forStranger.Snapshot, None));
    }

    [Fact]
    public async Task Transactions_after_the_log_was_off_are_numbered_above_all_before()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        var before = (await fixture.LookAsync(pair.Master)).LastTransaction;
        var positionBefore = await pair.Master.Replication.GetPositionAsync(None);
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);
        await fixture.InsertAsync(pair.Master, 3);

        var slave = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(pair.Master, slave);
        await fixture.InsertAsync(pair.Master, 4);

        Assert.True((await fixture.LookAsync(pair.Master)).LastTransaction > before + 1000);
        await fixture.ArrivesAsync(slave, 4);
        Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(slave));
        Assert.IsType<Contract.PositionComparison.Diverged>(await pair.Master.Replication.CompareAsync(positionBefore, None));
    }

    [Fact]
    public async Task A_log_that_is_always_on_survives_demotion_and_detachment()
    {
        var pair = await fixture.NewPairAsync(BinaryLogMode.Always);
        Assert.Equal(1, pair.Master.Supervisor.Starts);

        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);

        foreach (var instance in new[] { pair.Master, pair.Slave })
        {
            Assert.True((await fixture.LookAsync(instance)).LogOn);
            Assert.Equal(1, instance.Supervisor.Starts);
            await fixture.InsertAsync(instance, 10);
        }

        var stale = await fixture.OfferAsync(pair.Master, pair.Slave);
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.AttachReplicationSlaveAsync(stale.Snapshot, None));
    }

    [Fact]
    public async Task A_server_with_data_of_its_own_is_not_made_a_slave()
    {
        var pair = await fixture.NewPairAsync();
        var alone = await fixture.NewMasterAsync();
        await fixture.InsertAsync(alone, 42);
        var offer = await fixture.OfferAsync(pair.Master, alone);

        await Faults.IsAsync(FaultKind.Precondition, () => alone.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None));

        Assert.Equal([42], await fixture.ReadAsync(alone));
        await fixture.InsertAsync(alone, 43);
    }

    [Fact]
    public async Task What_was_received_and_not_applied_is_applied_before_the_slave_is_independent()
    {
        var pair = await ReceivedNotAppliedAsync();
        await pair.Master.Server.StopAsync(None);

        var detaching = pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await Eventually.HoldsAsync(
            "the detachment has begun", TimeSpan.FromSeconds(30), async () => await pair.Slave.ReportAsync() is { Receiving: false });
        Assert.False(detaching.IsCompleted);
        await heldRow!.DisposeAsync();
        await detaching;

        await AllIsThereAsync(pair.Slave);
    }

    /// <summary>
    /// The master is gone for good, and the slave's server is killed: what it received is all that is left of these rows.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_received_and_not_applied_survives_the_servers_end(bool andTheAgents)
    {
        var pair = await ReceivedNotAppliedAsync();
        await pair.Master.Server.StopAsync(None);
        pair.Slave.Supervisor.Kill();
        if (andTheAgents)
        {
            await pair.Slave.RestartAgentAsync();
        }

        await Eventually.HoldsAsync(
            "the server answers again", TimeSpan.FromSeconds(60),
            async () => (await pair.Slave.Server.GetStatusAsync(None)).State == ServerState.Healthy);
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);

        await AllIsThereAsync(pair.Slave);
    }

    /// <summary>
    /// The master is gone, and what the slave had received too: it says so once, and is not taken for one that has all. Asked again it
    /// lets go.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slave_that_lost_what_it_received_says_so_before_it_lets_go(bool isKnownByLooksOnly)
    {
        var pair = await ReceivedAndLostAsync(isKnownByLooksOnly);

        await SaysThatItLacksSomeAsync(pair.Slave);
        Assert.True((await fixture.LookAsync(pair.Slave)).FollowsSomebody);

        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        Assert.Equal([1, 2], await fixture.ReadAsync(pair.Slave));
    }

    /// <summary>Also after it was told once more whom to follow, which knows nothing of what was before.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slave_that_lost_what_it_received_gets_it_again_before_it_lets_go(bool andIsPointedAgain)
    {
        var pair = await ReceivedAndLostAsync(isKnownByLooksOnly: true);
        if (andIsPointedAgain)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await Assert.ThrowsAnyAsync<Exception>(
                () => pair.Slave.Replication.AttachReplicationSlaveAsync(fixture.Elsewhere(pair.Offer).Snapshot, soon.Token));
        }

        await SaysThatItLacksSomeAsync(pair.Slave);

        await pair.Master.Server.StartAsync(None);
        await pair.Slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None);
        await fixture.ArrivesAsync(pair.Slave, 5);
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);

        await AllIsThereAsync(pair.Slave);
    }

    private static async Task SaysThatItLacksSomeAsync(TestInstance slave)
    {
        var fault = await Faults.IsAsync(
            FaultKind.Precondition, () => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None));
        Assert.Contains("received", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The looks at a slave that lags, or a detachment that was cut off, know what was received.</summary>
    private async Task<TestPair> ReceivedAndLostAsync(bool isKnownByLooksOnly)
    {
        var pair = await ReceivedNotAppliedAsync();
        if (isKnownByLooksOnly)
        {
            await pair.Slave.ReportAsync();
            await pair.Slave.ReportAsync();
        }
        else
        {
            // It stops receiving first, and then writes down what it has: cut off between the two it knows nothing.
            var before = Records();
            using var cut = new CancellationTokenSource();
            var detaching = pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, cut.Token);
            await Eventually.HoldsAsync(
                "the detachment has written down what was received", TimeSpan.FromSeconds(30), () => Records() != before);
            await cut.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => detaching);
        }

        await pair.Master.Server.StopAsync(None);
        await pair.Slave.RestartAgentAsync();
        await fixture.LoseReceivedAsync(pair.Slave);
        Assert.Equal([1, 2], await fixture.ReadAsync(pair.Slave));
        return pair;

        string Records() => string.Concat(fixture.RecordsOf(pair.Slave).Select(File.ReadAllText));
    }

    /// <summary>Its server starts without being asked for; the looks at it see that it follows again.</summary>
    [Fact]
    public async Task A_slave_whose_server_was_killed_applies_what_it_has_and_follows_on()
    {
        var pair = await ReceivedNotAppliedAsync();
        pair.Slave.Supervisor.Kill();
        await fixture.InsertAsync(pair.Master, 6);

        await Eventually.SeeAsync(
            "it follows", TimeSpan.FromSeconds(60), pair.Slave.ReportAsync, report => report is { Receiving: true, Applying: true });
        await fixture.ArrivesAsync(pair.Slave, 6);
        Assert.Equal([1, 3, 4, 5, 6], await fixture.ReadAsync(pair.Slave));
    }

    /// <summary>Rows 3 to 5 and the end of row 2 wait behind a row that somebody holds.</summary>
    private async Task<TestPair> ReceivedNotAppliedAsync()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        heldRow = await fixture.HoldRowAsync(pair.Slave, 2);
        await fixture.ExecuteAsync(pair.Master, fixture.DeleteRow(2));
        await fixture.InsertAsync(pair.Master, 3, 4, 5);
        await Eventually.HoldsAsync("the slave received it", TimeSpan.FromSeconds(30), () => fixture.HasReceivedAllAsync(pair));
        Assert.Equal([1, 2], await fixture.ReadAsync(pair.Slave));
        return pair;
    }

    private async Task AllIsThereAsync(TestInstance slave)
    {
        Assert.Equal([1, 3, 4, 5], await fixture.ReadAsync(slave));
        await Eventually.HoldsAsync(
            "the slave takes rows", TimeSpan.FromSeconds(10), async () => !(await fixture.LookAsync(slave)).ReadOnly);
    }
}
