using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>What goes from server to server and to clients cannot be read on the way, and a slave knows its master.</summary>
[Needs("replication")]
public abstract class EncryptionCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_slave_follows_inside_TLS_and_verifies_its_master()
    {
        var pair = await fixture.PairAsync();

        Assert.True(await fixture.FollowsVerifiedAsync(pair.Slave));
    }

    [Fact]
    public async Task The_user_of_a_slave_is_not_let_in_without_TLS()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var (user, password) = fixture.LoginOf(await fixture.OfferAsync(pair.Master, slave));

        Assert.True(await fixture.CanLogInAsync(pair.Master, user, password, encrypted: true));
        Assert.False(await fixture.CanLogInAsync(pair.Master, user, password, encrypted: false));

        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task Clients_may_use_TLS()
    {
        var pair = await fixture.PairAsync();

        Assert.True(await fixture.CanLogInAsync(pair.Master, DatastoreFixture.App.Name, DatastoreFixture.App.Password, encrypted: true));
        Assert.True(await fixture.CanLogInAsync(pair.Slave, DatastoreFixture.App.Name, DatastoreFixture.App.Password, encrypted: true));
    }

    [Fact]
    public async Task A_server_that_only_poses_as_the_master_is_not_followed()
    {
        var pair = await fixture.PairAsync();
        var slave = await fixture.NewSlaveAsync();
        var offer = await fixture.OfferAsync(pair.Master, slave);
        await slave.Replication.LoadAndAttachAsync(offer.Snapshot, None);

        // The same address and users, but not the key.
        var posing = fixture.WithCertificateOf(pair.Slave, offer);
        var fault = await Faults.IsAsync(FaultKind.Transient, () => slave.Replication.AttachReplicationSlaveAsync(posing.Snapshot, None));
        Assert.Contains("SSL", fault.Message, StringComparison.Ordinal);

        await slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
    }

    [Fact]
    public async Task Keys_outlive_restarts_and_the_loss_of_their_copies()
    {
        var pair = await fixture.NewPairAsync();
        foreach (var instance in new[] { pair.Master, pair.Slave })
        {
            await instance.Server.StopAsync(None);
            Directory.Delete(Path.Combine(instance.Host.VolumePath, "tls"), recursive: true);
            await instance.RestartAgentAsync();
            await instance.Server.StartAsync(None);
        }

        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        Assert.True(await fixture.FollowsVerifiedAsync(pair.Slave));
    }

    [Fact]
    public async Task A_master_of_before_there_were_keys_gets_them_with_its_next_slave()
    {
        var master = await fixture.NewMasterAsync(BinaryLogMode.Always);
        await fixture.InsertAsync(master, 1);
        await fixture.RunWithoutKeysAsync(master);
        Assert.False(await fixture.CanLogInAsync(master, DatastoreFixture.App.Name, DatastoreFixture.App.Password, encrypted: true));
        var slave = await fixture.NewSlaveAsync();

        await fixture.AttachAsync(master, slave);

        Assert.True(await fixture.FollowsVerifiedAsync(slave));
        await fixture.InsertAsync(master, 2);
        await fixture.ArrivesAsync(slave, 2);
    }

    [Fact]
    public async Task Detached_and_demoted_servers_keep_their_keys()
    {
        var pair = await fixture.NewPairAsync();
        await pair.Slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        await pair.Master.Replication.ForgetReplicationSlaveAsync(pair.Slave.Id, None);
        await pair.Master.Replication.DemoteReplicationMasterAsync(None);
        Assert.True(await fixture.CanLogInAsync(pair.Slave, DatastoreFixture.App.Name, DatastoreFixture.App.Password, encrypted: true));
        var next = await fixture.NewSlaveAsync();

        await fixture.AttachAsync(pair.Master, next);

        Assert.True(await fixture.FollowsVerifiedAsync(next));
    }
}
