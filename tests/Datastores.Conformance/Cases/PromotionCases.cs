using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A set gets another master and stays one set.</summary>
[Needs("replication")]
public abstract class PromotionCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int Clients = 4;
    private const int Rounds = 6;

    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>
    /// In one round a slave is down meanwhile, in another one the old master ends; in the last one all members do. Users say on the
    /// slaves what ends up in their own logs.
    /// </summary>
    [Fact]
    public async Task A_set_of_three_under_load_changes_its_master_there_and_back_and_loses_nothing()
    {
        var pair = await fixture.NewPairAsync();
        var third = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(pair.Master, third);
        TestInstance[] members = [pair.Master, pair.Slave, third];
        foreach (var statement in fixture.SlaveStatements.OnTheMaster)
        {
            await fixture.ExecuteAsync(pair.Master, statement);
        }

        var master = pair.Master;
        var load = new WriteLoad(fixture, master, Clients);
        for (var round = 0; round < Rounds; round++)
        {
            var (old, before) = (master, load.Count);
            master = members[(round + 1) % members.Length];
            var other = members.Single(member => member != old && member != master);
            if (round == 1)
            {
                await SayAsync(master, fixture.SlaveStatements.OnTheSlave);
                await Eventually.SeeAsync(
                    "it follows", Patience, master.ReportAsync, report => report is { Receiving: true, Applying: true, LastError: null });
            }
            else if (round == 3)
            {
                await SayAsync(other, fixture.SlaveStatements.OnTheSlave);
            }

            if (round == 2)
            {
                await other.Server.StopAsync(None);
            }

            await ChangesOfMaster.TakeOverAsync(old, master);
            load.Master = master;
            if (round == 4)
            {
                old.Supervisor.Kill();
            }

            await Eventually.HoldsAsync("the new master takes rows", Patience, () => load.Count > before + 20);
            await RunsAsync(old);
            await RunsAsync(other);
            await ChangesOfMaster.FollowAsync(other, master);
            await ChangesOfMaster.FollowAsync(old, master);
            Assert.Empty((await fixture.LookAsync(old)).ReplicationUsers);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Count} rows, {load.LongestGap.TotalMilliseconds:0} ms without one.");
        Assert.True(load.LongestGap < LongestGap, $"Nobody could write for {load.LongestGap}.");
        var acknowledged = await load.StopAsync();
        await StaysAsync(members, master);
        foreach (var member in members)
        {
            member.Supervisor.Kill();
            await member.RestartAgentAsync();
            await member.Server.ResumeAsync(None);
        }

        await StaysAsync(members, master);
        Assert.Empty(acknowledged.Except(await fixture.ReadAsync(master)));
        var expected = await fixture.FindingsOfAsync(master);
        foreach (var member in members)
        {
            Assert.Equal(expected, await fixture.FindingsOfAsync(member));
        }
    }

    [Fact]
    public async Task A_server_with_transactions_that_the_new_master_lacks_does_not_follow_it_and_stays_what_it_is()
    {
        var pair = await fixture.NewPairAsync();
        var ahead = await fixture.NewSlaveAsync();
        await fixture.AttachAsync(pair.Master, ahead);
        await pair.Slave.Replication.StopReceivingAsync(None);
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(ahead, 2);
        await pair.Slave.Replication.PromoteReplicationSlaveAsync(None);
        await fixture.InsertAsync(pair.Slave, 3);

        foreach (var member in new[] { pair.Master, ahead })
        {
            var offer = await ChangesOfMaster.OfferAsync(pair.Slave, member);
            for (var repetition = 0; repetition < 2; repetition++)
            {
                var fault = await Faults.IsAsync(
                    FaultKind.Precondition, () => member.Replication.AttachReplicationSlaveAsync(offer, None));
                Assert.Contains($"that {pair.Slave.Id} lacks", fault.Message, StringComparison.Ordinal);
            }
        }

        // Also by a document with data: an old master has some already.
        var whole = await fixture.OfferAsync(pair.Slave, pair.Master);
        await Faults.IsAsync(
            FaultKind.Precondition, () => pair.Master.Replication.AttachReplicationSlaveAsync(whole.Snapshot, None));
        await fixture.InsertAsync(pair.Master, 4);
        await fixture.ArrivesAsync(ahead, 4);
        Assert.Equal([1, 2, 4], await fixture.ReadAsync(ahead));
        Assert.Equal([1, 3], await fixture.ReadAsync(pair.Slave));
    }

    [Fact]
    public async Task What_was_received_is_applied_before_a_slave_takes_over_from_a_master_that_is_gone()
    {
        var pair = await fixture.NewPairAsync();
        await fixture.InsertAsync(pair.Master, 2);
        await fixture.ArrivesAsync(pair.Slave, 2);
        Task promotion;
        await using (await fixture.HoldRowAsync(pair.Slave, 2))
        {
            await fixture.ExecuteAsync(pair.Master, fixture.DeleteRow(2));
            await fixture.InsertAsync(pair.Master, 3, 4);
            await Eventually.HoldsAsync("the slave received it", Patience, () => fixture.HasReceivedAllAsync(pair));
            await pair.Master.Server.StopAsync(None);
            promotion = pair.Slave.Replication.PromoteReplicationSlaveAsync(None);
            await Eventually.HoldsAsync(
                "the promotion has begun", Patience, async () => await pair.Slave.ReportAsync() is { Receiving: false });
            Assert.False(promotion.IsCompleted);
        }

        await promotion;
        Assert.Equal([1, 3, 4], await fixture.ReadAsync(pair.Slave));
        await fixture.InsertAsync(pair.Slave, 5);
    }

    /// <summary>And what is said of one that is no member, or of a server in another role.</summary>
    [Fact]
    public async Task A_new_master_is_a_master_like_any_other()
    {
        var pair = await fixture.NewPairAsync();
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.StopWritesAsync(TimeSpan.Zero, None));
        await Faults.IsAsync(FaultKind.Precondition, () => ChangesOfMaster.OfferAsync(pair.Slave, pair.Master));
        await pair.Master.Replication.PromoteReplicationSlaveAsync(None);

        var last = await ChangesOfMaster.TakeOverAsync(pair.Master, pair.Slave);
        await pair.Slave.Replication.PromoteReplicationSlaveAsync(None);
        Assert.IsNotType<PositionComparison.Diverged>(await pair.Slave.Replication.CompareAsync(last, None));
        var offer = await ChangesOfMaster.OfferAsync(pair.Slave, pair.Master);
        await pair.Master.Replication.AttachReplicationSlaveAsync(await ChangesOfMaster.OfferAsync(pair.Slave, pair.Master), None);
        await pair.Master.Replication.AttachReplicationSlaveAsync(offer, None);
        Assert.Equal([pair.Master.Id], (await pair.Slave.ReportAsync())!.KnownSlaves);
        Assert.Single((await fixture.LookAsync(pair.Slave)).ReplicationUsers);
        Assert.True(await fixture.FollowsVerifiedAsync(pair.Master));

        // A slave is made from it, and nobody's data is without data.
        var empty = await fixture.NewSlaveAsync();
        await Faults.IsAsync(
            FaultKind.Precondition,
            async () => await empty.Replication.LoadAsync(await ChangesOfMaster.OfferAsync(pair.Slave, empty), None));
        await fixture.AttachAsync(pair.Slave, empty);
        await fixture.InsertAsync(pair.Slave, 2);
        await fixture.ArrivesAsync(empty, 2);
        await fixture.ArrivesAsync(pair.Master, 2);

        foreach (var slave in new[] { empty, pair.Master })
        {
            await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
            await pair.Slave.Replication.ForgetReplicationSlaveAsync(slave.Id, None);
        }

        await pair.Slave.Replication.DemoteReplicationMasterAsync(None);
        Assert.True(
            await fixture.LookAsync(pair.Slave) is { LogOn: false, LogFiles: [], ReplicationUsers: [], ReadOnly: false, DumpThreads: 0 });
        await Faults.IsAsync(FaultKind.Precondition, () => ChangesOfMaster.OfferAsync(pair.Slave, pair.Master));
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Slave.Replication.StopWritesAsync(TimeSpan.Zero, None));
        await Faults.IsAsync(FaultKind.Precondition, () => pair.Master.Replication.AttachReplicationSlaveAsync(offer, None));
    }

    private async Task SayAsync(TestInstance slave, IReadOnlyList<IReadOnlyList<string>> statements)
    {
        foreach (var together in statements)
        {
            await using var client = await fixture.ConnectAsync(slave, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            foreach (var statement in together)
            {
                try
                {
                    await client.ExecuteAsync(statement);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    // Refused is as good.
                }
            }
        }
    }

    /// <summary>Started if it was stopped; one that was killed comes back by itself.</summary>
    private static async Task RunsAsync(TestInstance instance)
    {
        await instance.Server.StartAsync(None);
        await Eventually.SeeAsync(
            "the server is healthy", Patience, () => instance.Server.GetStatusAsync(None), status => status.State == ServerState.Healthy);
    }

    /// <summary>One master, and the others follow it and have all that it has.</summary>
    private async Task StaysAsync(TestInstance[] members, TestInstance master)
    {
        await RunsAsync(master);
        var last = await master.Replication.GetPositionAsync(None);
        foreach (var member in members)
        {
            var isMaster = member == master;
            await Eventually.SeeAsync(
                $"{member.Id} is as it was",
                Patience,
                member.ReportAsync,
                report => report is { LastError: null } && report.ReadOnly != isMaster && report.Receiving != isMaster
                    && report.Applying != isMaster);
            await member.Replication.WaitForAsync(last, Patience, None);
            Assert.IsType<PositionComparison.Equal>(await member.Replication.CompareAsync(last, None));
            Assert.Equal(!isMaster, (await fixture.LookAsync(member)).FollowsSomebody);
        }
    }
}
