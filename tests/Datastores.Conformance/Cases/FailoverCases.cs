using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A master is not to be heard any more, or is dead, and one of its slaves takes over.</summary>
[Needs("replication")]
public abstract class FailoverCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken None = CancellationToken.None;

    // Kept for as long as the case runs: without anybody who knows it, its connection is collected, and the row is held no more.
    private IAsyncDisposable? heldRow;

    [Fact]
    public async Task A_slave_that_is_to_receive_nothing_does_so_whatever_is_restarted_until_it_is_to_receive_again()
    {
        var (master, slave, _) = await fixture.NewPairAsync();
        await slave.Replication.WaitForAsync(await master.Replication.GetPositionAsync(None), Patience, None);
        var told = await slave.Replication.StopReceivingAsync(None);
        Assert.IsType<PositionComparison.Equal>(await slave.Replication.CompareAsync(told, None));
        Assert.IsType<PositionComparison.Equal>(await master.Replication.CompareAsync(told, None));

        var rows = 1;
        foreach (var restart in new Func<Task>[]
        {
            () => slave.Replication.StopReceivingAsync(None),
            () => slave.Server.RestartAsync(() => { }, None),
            StopAndStartAsync,
            KillAsync,
            RestartAgentAsync,
            () => slave.Replication.StopReceivingAsync(None),
        })
        {
            await restart();
            await fixture.InsertAsync(master, ++rows);
            await Eventually.SeeAsync(
                "it only applies, and says why",
                Patience,
                slave.ReportAsync,
                report => report is { Receiving: false, Applying: true, LastError: "It was told to receive nothing from its master." });
            Assert.Equal(
                new PositionComparison.Behind(rows - 1),
                await slave.Replication.CompareAsync(await master.Replication.GetPositionAsync(None), None));
            Assert.Equal([1], await fixture.ReadAsync(slave));
        }

        await slave.Replication.ResumeReceivingAsync(None);
        await slave.Replication.ResumeReceivingAsync(None);
        await fixture.ArrivesAsync(slave, rows);
        await RestartAgentAsync();
        Assert.True(await slave.ReportAsync() is { Receiving: true, Applying: true, LastError: null });

        // Who follows nobody has nothing to stop.
        await master.Replication.ResumeReceivingAsync(None);
        var last = await master.Replication.StopReceivingAsync(None);
        await slave.Replication.WaitForAsync(last, Patience, None);
        Assert.IsType<PositionComparison.Equal>(await slave.Replication.CompareAsync(last, None));

        async Task StopAndStartAsync()
        {
            await slave.Server.StopAsync(None);
            await slave.Server.StartAsync(None);
        }

        async Task KillAsync()
        {
            slave.Supervisor.Kill();
            await Eventually.SeeAsync(
                "its server is up again", Patience, () => slave.Server.GetStatusAsync(None), status => status.State == ServerState.Healthy);
        }

        async Task RestartAgentAsync()
        {
            await slave.RestartAgentAsync();
            await slave.Server.ResumeAsync(None);
        }
    }

    /// <summary>Its server is killed, too: what it received is there after that, and is all that is applied.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slave_that_lags_applies_what_it_has_and_receives_nothing_more(bool andItsServerIsKilled)
    {
        var (master, slave) = await StoppedWhileItLagsAsync();
        await fixture.InsertAsync(master, 6);
        if (andItsServerIsKilled)
        {
            slave.Supervisor.Kill();
        }
        else
        {
            await heldRow!.DisposeAsync();
        }

        var all = await slave.Replication.StopReceivingAsync(None);

        Assert.Equal([1, 3, 4, 5], await fixture.ReadAsync(slave));
        Assert.Equal(new PositionComparison.Ahead(1), await master.Replication.CompareAsync(all, None));
        await slave.Replication.ResumeReceivingAsync(None);
        await fixture.ArrivesAsync(slave, 6);
    }

    /// <summary>That is what a failover is decided by: a master that refuses somebody is alive.</summary>
    [Fact]
    public async Task A_slave_says_that_it_gets_no_answer_from_its_master_within_seconds_and_not_that_it_is_refused()
    {
        var (master, slave, _) = await fixture.NewPairAsync();
        await IsHeardAsync();

        await master.Server.StopAsync(None);
        await IsLostAsync();
        await master.Server.StartAsync(None);
        await IsHeardAsync();

        master.Supervisor.Freeze();
        await IsLostAsync();
        master.Supervisor.Thaw();
        await IsHeardAsync();

        await master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
        await Eventually.SeeAsync(
            "it is refused", Patience, slave.ReportAsync, report => report is { Receiving: false, SourceLost: false, LastError: not null });

        Task IsHeardAsync() => Eventually.SeeAsync(
            "it receives", Patience, slave.ReportAsync, report => report is { Receiving: true, SourceLost: false });

        Task IsLostAsync() => Eventually.SeeAsync(
            "it gets no answer", TimeSpan.FromSeconds(15), slave.ReportAsync, report => report is { Receiving: false, SourceLost: true });
    }

    [Fact]
    public async Task A_slave_that_is_to_receive_again_while_it_lags_gets_everything_once()
    {
        var (master, slave) = await StoppedWhileItLagsAsync();
        await fixture.InsertAsync(master, 6);

        await slave.Replication.ResumeReceivingAsync(None);
        await fixture.InsertAsync(master, 7);
        await Eventually.SeeAsync("it receives", Patience, slave.ReportAsync, report => report is { Receiving: true });
        await heldRow!.DisposeAsync();

        await fixture.ArrivesAsync(slave, 7);
        Assert.Equal([1, 3, 4, 5, 6, 7], await fixture.ReadAsync(slave));
        Assert.True(await slave.ReportAsync() is { Receiving: true, Applying: true, LastError: null });
    }

    [Fact]
    public async Task A_slave_that_lost_what_it_had_received_says_so_once_before_it_takes_over()
    {
        var (master, slave) = await StoppedWhileItLagsAsync();
        await master.Server.StopAsync(None);
        await slave.RestartAgentAsync();
        await fixture.LoseReceivedAsync(slave);
        await slave.Replication.StopReceivingAsync(None);

        var fault = await Faults.IsAsync(FaultKind.Precondition, () => slave.Replication.PromoteReplicationSlaveAsync(None));
        Assert.Contains("told to receive nothing", fault.Message, StringComparison.Ordinal);
        await slave.Replication.PromoteReplicationSlaveAsync(None);

        Assert.Equal([1, 2], await fixture.ReadAsync(slave));
        await fixture.InsertAsync(slave, 6);
    }

    /// <summary>Else it would be taken for a slave as before, and its former master be started.</summary>
    [Fact]
    public async Task A_server_that_follows_nobody_and_cannot_start_says_nothing_for_good_when_it_is_to_take_over()
    {
        var server = await fixture.NewMasterAsync();
        await server.Server.StopAsync(None);
        var (parameter, value, words) = fixture.CannotStartWith;
        await server.Server.InitializeAsync(
            fixture.Settings() with { Configuration = new Dictionary<string, string> { [parameter] = value } }, None);

        var fault = await Faults.IsAsync(FaultKind.Transient, () => server.Replication.PromoteReplicationSlaveAsync(None));

        Assert.Contains(words, fault.Message, StringComparison.OrdinalIgnoreCase);
        await server.Server.StopAsync(None);
    }

    /// <summary>
    /// One of the slaves has more than the other. The former master comes back: with a transaction that nobody has it is refused.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_a_master_is_dead_the_slave_that_is_ahead_takes_over_and_the_others_follow_it(bool itHasMoreThanAnybody)
    {
        var (master, ahead, _) = await fixture.NewPairAsync();
        var behind = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(master, behind);
        await behind.Replication.StopReceivingAsync(None);
        await fixture.InsertAsync(master, 2, 3);
        await fixture.ArrivesAsync(ahead, 3);
        if (itHasMoreThanAnybody)
        {
            await ahead.Replication.StopReceivingAsync(None);
            await fixture.InsertAsync(master, 4);
        }

        master.Supervisor.Kill();
        await master.Server.StopAsync(None);
        var more = await ahead.Replication.StopReceivingAsync(None);
        var less = await behind.Replication.StopReceivingAsync(None);
        Assert.Equal(new PositionComparison.Ahead(2), await ahead.Replication.CompareAsync(less, None));
        Assert.Equal(new PositionComparison.Behind(2), await behind.Replication.CompareAsync(more, None));

        await ahead.Replication.PromoteReplicationSlaveAsync(None);
        await fixture.InsertAsync(ahead, 5);
        await ChangesOfMaster.FollowAsync(behind, ahead);
        await fixture.ArrivesAsync(behind, 5);
        Assert.Equal([1, 2, 3, 5], await fixture.ReadAsync(behind));

        await master.Server.StartAsync(None);
        if (itHasMoreThanAnybody)
        {
            var fault = await Faults.IsAsync(FaultKind.Precondition, () => ChangesOfMaster.FollowAsync(master, ahead));
            Assert.Contains($"that {ahead.Id} lacks", fault.Message, StringComparison.Ordinal);
            Assert.Equal([1, 2, 3, 4], await fixture.ReadAsync(master));
        }
        else
        {
            await ChangesOfMaster.FollowAsync(master, ahead);
            await fixture.ArrivesAsync(master, 5);
            Assert.Equal([1, 2, 3, 5], await fixture.ReadAsync(master));
        }

        // What was stopped is over: they receive, also after a restart.
        await behind.Server.RestartAsync(() => { }, None);
        await fixture.InsertAsync(ahead, 6);
        await fixture.ArrivesAsync(behind, 6);
    }

    /// <summary>Rows 3 to 5 and the end of row 2 wait behind a row that somebody holds, and nobody waited for them.</summary>
    private async Task<(TestInstance Master, TestInstance Slave)> StoppedWhileItLagsAsync()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        heldRow = await fixture.HoldRowAsync(pair.Slave, 2);
        await fixture.ExecuteAsync(pair.Master, fixture.DeleteRow(2));
        await fixture.InsertAsync(pair.Master, 3, 4, 5);
        await Eventually.HoldsAsync("the slave received it", Patience, () => fixture.HasReceivedAllAsync(pair));
        using var cut = new CancellationTokenSource();
        var stopping = pair.Slave.Replication.StopReceivingAsync(cut.Token);
        await Eventually.SeeAsync("it receives no more", Patience, pair.Slave.ReportAsync, report => report is { Receiving: false });
        Assert.False(stopping.IsCompleted);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping);
        return (pair.Master, pair.Slave);
    }
}
