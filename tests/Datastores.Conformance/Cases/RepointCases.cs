using Dbaas.GuestProtocol;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A slave that is told to follow again, or somebody else: its data may be the last good copy.</summary>
[Needs("replication")]
public abstract class RepointCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_slave_keeps_its_data_whatever_it_is_told_to_follow()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        var stranger = await fixture.NewMasterAsync();
        var offer = await fixture.OfferAsync(stranger, pair.Slave);

        // An attempt that ends in the middle: the slave was pointed at a place where nobody is, and never came to follow.
        using (var soon = new CancellationTokenSource())
        {
            var elsewhere = pair.Slave.Replication.AttachReplicationSlaveAsync(fixture.Elsewhere(pair.Offer).Snapshot, soon.Token);
            await Eventually.HoldsAsync(
                "it was pointed elsewhere", TimeSpan.FromSeconds(60), async () => await pair.Slave.ReportAsync() is { Receiving: false });
            await soon.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => elsewhere);
        }

        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None));
        Assert.Equal([1, 2], await fixture.ReadAsync(pair.Slave));

        await pair.Slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None);
        await fixture.InsertAsync(pair.Master, 3);
        await fixture.ArrivesAsync(pair.Slave, 3);
    }

    /// <summary>A position of the time of its making would have it apply everything twice.</summary>
    [Fact]
    public async Task A_slave_that_lost_its_configuration_goes_on_where_it_was()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        await fixture.ForgetSourceAsync(pair.Slave);
        await fixture.InsertAsync(pair.Master, 3);

        await pair.Slave.RestartAgentAsync();
        await pair.Slave.Replication.AttachReplicationSlaveAsync(pair.Offer.Snapshot, None);

        await fixture.ArrivesAsync(pair.Slave, 3);
        Assert.Equal([1, 2, 3], await fixture.ReadAsync(pair.Slave));
        Assert.True(await pair.Slave.ReportAsync() is { Receiving: true, Applying: true, LastError: null });
    }
}
