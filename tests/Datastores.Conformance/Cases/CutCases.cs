using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>
/// Every command twice: the agent is killed at each write of a record, before and after it, and what its successor is asked again ends as
/// if nothing had happened. Calls about accounts, whose halves users would see, also before each statement. One story for each point, until
/// no command has that many.
/// </summary>
[Needs("accounts", "replication")]
public abstract class CutCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Calls_about_accounts_that_are_cut_off_are_finished_by_their_repetition()
    {
        var server = await fixture.NewMasterAsync();
        var cuts = 0;
        for (var point = 0; ; point++)
        {
            var before = cuts;
            var (database, second, user, other, renamed) = ($"d{point}", $"e{point}", $"u{point}", $"o{point}", $"v{point}");
            await CutAsync((accounts, _) => accounts.EnsureAsync(
                [new DatabaseSpec($"p{point}")], [new UserSpec($"p{point}", "zero", Databases: [$"p{point}"])], None));
            Assert.True(await fixture.CanLogInAsync(server, $"p{point}", "zero", encrypted: true));
            Assert.Equal([$"p{point}"], (await server.Accounts.GetUserAsync($"p{point}", "%", None)).Databases);
            await CutAsync((accounts, id) => accounts.CreateDatabasesAsync(
                id, [new DatabaseSpec(database), new DatabaseSpec(second)], None));
            await CutAsync((accounts, id) => accounts.CreateUsersAsync(
                id, [new UserSpec(user, "one", Databases: [database]), new UserSpec(other, "one", Databases: [second])], None));
            Assert.True(await fixture.CanLogInAsync(server, user, "one", encrypted: true));
            Assert.True(await fixture.CanLogInAsync(server, other, "one", encrypted: true));
            Assert.Equal([database], (await server.Accounts.GetUserAsync(user, "%", None)).Databases);
            Assert.Equal([second], (await server.Accounts.GetUserAsync(other, "%", None)).Databases);
            await CutAsync((accounts, id) => accounts.UpdateUserAsync(id, new UpdateUser(user, "%", renamed, null, "two"), None));
            Assert.True(await fixture.CanLogInAsync(server, renamed, "two", encrypted: true));
            await CutAsync((accounts, _) => accounts.GrantAccessAsync(new GrantAccess(renamed, "%", [second]), None));
            await CutAsync((accounts, id) => accounts.RevokeAccessAsync(id, new RevokeAccess(renamed, "%", database), None));
            Assert.Equal([second], (await server.Accounts.GetUserAsync(renamed, "%", None)).Databases);
            await CutAsync((accounts, _) => accounts.ChangePasswordsAsync(
                [new UserSpec(renamed, "three"), new UserSpec(other, "three")], None));
            await CutAsync((accounts, _) => accounts.EnableRootAsync("four", None));
            Assert.True(await fixture.CanLogInAsync(server, renamed, "three", encrypted: true));
            Assert.True(await fixture.CanLogInAsync(server, other, "three", encrypted: true));
            Assert.True(await fixture.CanLogInAsync(server, "root", "four", encrypted: true));
            await CutAsync((accounts, _) => accounts.DisableRootAsync(None));
            foreach (var gone in new[] { renamed, other, $"p{point}" })
            {
                await CutAsync((accounts, id) => accounts.DeleteUserAsync(id, gone, "%", None));
            }

            await CutAsync((accounts, id) => accounts.DeleteDatabaseAsync(id, database, None));
            var left = (await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, null), None)).Databases;
            Assert.DoesNotContain(database, left);
            Assert.Contains(second, left);
            if (cuts == before)
            {
                break;
            }

            Task CutAsync(Func<IAccounts, string, Task> call)
            {
                var id = Guid.CreateVersion7().ToString();
                return CutOnceAsync(server, point, atChanges: true, () => call(server.Accounts, id), () => cuts++);
            }
        }

        Assert.True(cuts > 20, $"Only {cuts} cuts.");
    }

    [Fact]
    public async Task A_life_of_a_set_in_which_every_command_is_cut_off_ends_like_any_other()
    {
        var master = await fixture.NewMasterAsync();
        await fixture.InsertAsync(master, 1);
        var (cuts, rows) = (0, 1);
        for (var point = 0; ; point++)
        {
            var before = cuts;
            var slave = fixture.NewInstance();
            await CutAsync(slave, () => slave.Server.InitializeAsync(fixture.Settings(forSlave: true), None));
            var request = new GetReplicationSnapshot($"snapshot-{point}", slave.Id, slave.Host.Address, 600);
            await CutAsync(master, () => master.Replication.GetReplicationSnapshotAsync(request, None));
            var offer = await master.Replication.GetReplicationSnapshotAsync(request, None);
            await CutAsync(slave, () => slave.Replication.LoadAsync(offer.Snapshot, None));
            await CutAsync(slave, () => slave.Replication.AttachReplicationSlaveAsync(offer.Snapshot, None));
            await CutAsync(master, () => master.Replication.CloseReplicationSnapshotAsync(request.SnapshotId, None));
            await fixture.InsertAsync(master, ++rows);
            await fixture.ArrivesAsync(slave, rows);
            Assert.Equal(Enumerable.Range(1, rows), await fixture.ReadAsync(slave));

            await CutAsync(slave, () => slave.Server.RestartAsync(() => { }, None));
            await CutAsync(slave, () => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None));
            await CutAsync(master, () => master.Replication.ForgetReplicationSlaveAsync(slave.Id, None));
            await CutAsync(master, () => master.Replication.DemoteReplicationMasterAsync(None));
            await CutAsync(master, () => master.Replication.SetWritableAsync(false, None));
            Assert.True((await fixture.LookAsync(master)).ReadOnly);
            await CutAsync(master, () => master.Replication.SetWritableAsync(true, None));
            foreach (var instance in new[] { master, slave })
            {
                Assert.True(
                    await fixture.LookAsync(
                        instance) is { LogOn: false, LogFiles: [], ReplicationUsers: [], ReadOnly: false, FollowsSomebody: false });
                Assert.Equal(Enumerable.Range(1, rows), await fixture.ReadAsync(instance));
            }

            await slave.Server.StopAsync(None);
            if (cuts == before)
            {
                break;
            }

            Task CutAsync(TestInstance instance, Func<Task> call) => CutOnceAsync(instance, point, atChanges: false, call, () => cuts++);
        }

        Assert.True(cuts > 0);
    }

    [Fact]
    public async Task A_slave_that_is_to_receive_no_more_or_again_or_to_be_deleted_does_so_wherever_its_agent_is_killed()
    {
        var (master, slave, _) = await fixture.NewPairAsync();
        var (cuts, rows, point) = (0, 1, 0);
        for (; ; point++)
        {
            var before = cuts;
            await CutAsync(() => slave.Replication.StopReceivingAsync(None));
            Assert.True(await slave.ReportAsync() is { Receiving: false, Applying: true });
            await fixture.InsertAsync(master, ++rows);
            Assert.Equal(Enumerable.Range(1, rows - 1), await fixture.ReadAsync(slave));
            await CutAsync(() => slave.Replication.ResumeReceivingAsync(None));
            await fixture.ArrivesAsync(slave, rows);
            await slave.Replication.StopReceivingAsync(None);
            await fixture.InsertAsync(master, ++rows);
            await FollowsAsync();

            await CutAsync(() => slave.Replication.DetachReplicationSlaveAsync(DetachReason.Deleted, None));
            Assert.False((await fixture.LookAsync(slave)).FollowsSomebody);
            await fixture.InsertAsync(master, ++rows);
            await FollowsAsync();
            if (cuts == before)
            {
                break;
            }
        }

        Assert.True(cuts > 2, $"Only {cuts} cuts.");

        Task CutAsync(Func<Task> call) => CutOnceAsync(slave, point, atChanges: true, call, () => cuts++);

        async Task FollowsAsync()
        {
            await slave.Replication.AttachReplicationSlaveAsync(await ChangesOfMaster.OfferAsync(master, slave), None);
            await fixture.ArrivesAsync(slave, rows);
            Assert.Equal(Enumerable.Range(1, rows), await fixture.ReadAsync(slave));
        }
    }

    /// <summary>Also between any two statements: in the end there is one master, and the other one follows it.</summary>
    [Fact]
    public async Task A_change_of_master_in_which_every_command_is_cut_off_ends_like_any_other()
    {
        var (master, slave, _) = await fixture.NewPairAsync();
        var (cuts, rows) = (0, 1);
        for (var point = 0; ; point++)
        {
            var before = cuts;
            await CutAsync(master, () => master.Replication.StopWritesAsync(TimeSpan.Zero, None));
            var last = await master.Replication.StopWritesAsync(TimeSpan.Zero, None);
            await slave.Replication.WaitForAsync(last, TimeSpan.FromSeconds(30), None);
            await CutAsync(slave, () => slave.Replication.PromoteReplicationSlaveAsync(None));
            await fixture.InsertAsync(slave, ++rows);
            await CutAsync(slave, () => ChangesOfMaster.OfferAsync(slave, master));
            var offer = await ChangesOfMaster.OfferAsync(slave, master);
            await CutAsync(master, () => master.Replication.AttachReplicationSlaveAsync(offer, None));
            await fixture.ArrivesAsync(master, rows);
            Assert.True(await fixture.LookAsync(slave) is { ReadOnly: false, FollowsSomebody: false, ReplicationUsers: [_] });
            Assert.True(await fixture.LookAsync(master) is { ReadOnly: true, FollowsSomebody: true, ReplicationUsers: [] });
            Assert.Equal(Enumerable.Range(1, rows), await fixture.ReadAsync(master));
            if (cuts == before)
            {
                break;
            }

            (master, slave) = (slave, master);

            Task CutAsync(TestInstance instance, Func<Task> call) =>
                CutOnceAsync(instance, point, atChanges: true, call, () => cuts++);
        }

        Assert.True(cuts > 20, $"Only {cuts} cuts.");
    }

    [Fact]
    public async Task A_server_that_is_made_started_and_stopped_by_agents_that_are_killed_is_like_any_other()
    {
        var cuts = 0;
        for (var point = 0; ; point++)
        {
            var (before, settings) = (cuts, fixture.Settings());
            await using var server = fixture.NewInstance();
            await CutAsync(() => server.Server.InitializeAsync(settings, None));
            await CutAsync(() => server.Server.StartAsync(None));
            Assert.Equal(ServerState.Healthy, (await server.Server.GetStatusAsync(None)).State);
            await CutAsync(() => server.Server.StopAsync(None));
            Assert.Equal(ServerState.Stopped, (await server.Server.GetStatusAsync(None)).State);
            if (cuts == before)
            {
                break;
            }

            Task CutAsync(Func<Task> call) => CutOnceAsync(server, point, atChanges: false, call, () => cuts++);
        }

        Assert.True(cuts > 0);
    }

    /// <summary>The call, in which the agent is killed at that point, and its repetition by a new agent.</summary>
    private async Task CutOnceAsync(TestInstance instance, int point, bool atChanges, Func<Task> call, Action happened)
    {
        var wasCut = false;
        using (fixture.CutAt(instance, point, atChanges, () => wasCut = true))
        {
            try
            {
                await call();
            }
            catch (Exception) when (wasCut)
            {
                // What it says is read by nobody.
            }
        }

        if (!wasCut)
        {
            return;
        }

        happened();
        await instance.RestartAgentAsync();
        await instance.Server.ResumeAsync(None);
        await call();
    }
}
