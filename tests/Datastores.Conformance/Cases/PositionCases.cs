using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Positions, waiting and comparing. The tests share a pair; each leaves it replicating.</summary>
[Needs("replication")]
public abstract class PositionCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_slave_that_has_everything_is_equal()
    {
        var pair = await fixture.PairAsync();
        await fixture.InsertAsync(pair.Master, 2001);
        var position = await pair.Master.Replication.GetPositionAsync(None);

        await pair.Slave.Replication.WaitForAsync(position, Patience, None);

        Assert.IsType<PositionComparison.Equal>(await pair.Slave.Replication.CompareAsync(position, None));
        Assert.Contains(2001, await fixture.ReadAsync(pair.Slave));
    }

    [Fact]
    public async Task A_slave_that_does_not_receive_falls_behind_and_catches_up()
    {
        var pair = await fixture.PairAsync();
        await pair.Slave.Replication.WaitForAsync(await pair.Master.Replication.GetPositionAsync(None), Patience, None);
        await pair.Slave.Replication.StopReceivingAsync(None);
        await pair.Slave.Replication.StopReceivingAsync(None);
        await fixture.InsertAsync(pair.Master, 2002, 2003);
        var ahead = await pair.Master.Replication.GetPositionAsync(None);
        var behind = await pair.Slave.Replication.GetPositionAsync(None);

        Assert.Equal(new PositionComparison.Behind(2), await pair.Slave.Replication.CompareAsync(ahead, None));
        Assert.Equal(new PositionComparison.Ahead(2), await pair.Master.Replication.CompareAsync(behind, None));
        await Faults.IsAsync(
            FaultKind.Transient, () => pair.Slave.Replication.WaitForAsync(ahead, TimeSpan.FromSeconds(1), None));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Slave.Replication.WaitForAsync(ahead, Patience, soon.Token));

        await pair.Slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None);
        await pair.Slave.Replication.WaitForAsync(ahead, Patience, None);
    }

    [Fact]
    public async Task Waiting_for_a_past_position_returns_at_once()
    {
        var pair = await fixture.PairAsync();
        var past = await pair.Master.Replication.GetPositionAsync(None);
        await fixture.InsertAsync(pair.Master, 2004);

        await pair.Master.Replication.WaitForAsync(past, TimeSpan.Zero, None);
    }

    [Fact]
    public async Task A_position_survives_a_restart_and_never_goes_back()
    {
        var pair = await fixture.PairAsync();
        await fixture.InsertAsync(pair.Master, 2005);
        var before = await pair.Master.Replication.GetPositionAsync(None);
        await pair.Slave.Replication.WaitForAsync(before, Patience, None);

        await pair.Slave.Server.StopAsync(None);
        await pair.Slave.Server.StartAsync(None);

        Assert.IsType<PositionComparison.Equal>(await pair.Slave.Replication.CompareAsync(before, None));
    }

    [Fact]
    public async Task Servers_that_have_nothing_to_do_with_each_other_diverge()
    {
        var pair = await fixture.PairAsync();
        var stranger = await fixture.NewMasterAsync(GuestProtocol.Commands.BinaryLogMode.Always);

        var comparison = await pair.Slave.Replication.CompareAsync(await stranger.Replication.GetPositionAsync(None), None);

        Assert.IsType<PositionComparison.Diverged>(comparison);
        await Faults.IsAsync(
            FaultKind.Precondition,
            async () => await pair.Slave.Replication.WaitForAsync(await stranger.Replication.GetPositionAsync(None), Patience, None));
    }

    /// <summary>Neither has an epoch, and that is nothing that they have in common.</summary>
    [Fact]
    public async Task Servers_without_a_log_diverge()
    {
        var (one, other) = (await fixture.AloneAsync(), await fixture.NewMasterAsync());

        var comparison = await one.Replication.CompareAsync(await other.Replication.GetPositionAsync(None), None);

        Assert.IsType<PositionComparison.Diverged>(comparison);
    }

    [Fact]
    public async Task A_position_of_another_kind_is_refused()
    {
        var pair = await fixture.PairAsync();

        await Faults.IsAsync(
            FaultKind.Unsupported,
            () => pair.Slave.Replication.CompareAsync(new OpaqueDocument("made-up.position", 1, "{}"u8.ToArray()), None));
    }
}
