using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence.Rows;
using Dbaas.Testing;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>When what agents report is written, and what they may rely on.</summary>
public sealed class GuestReportsTests
{
    private const long SilentAfter = 30_000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_change_of_state_is_written_before_the_answer()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();

        foreach (var state in new[] { ServerState.Starting, ServerState.Healthy, ServerState.Crashed, ServerState.Healthy })
        {
            await node.ReportAsync(id, report => report with { State = state });
            Assert.Equal(state.ToString(), (await node.StateAsync(id)).ServerState);
        }

        await node.ReportAsync(
            id, report => report with { Replication = new ReplicationReport { SourceHost = "10.0.0.1", Receiving = true } });
        Assert.True((await node.StateAsync(id)).Follows);
    }

    [Fact]
    public async Task A_change_is_written_though_others_were_heard_of_in_the_same_moment()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        await node.ReportAsync(id);

        // As when the reports that wait are written while this one is on its way to the database.
        await node.Write(unit => GuestRows.Seen(unit, [id], node.Clock.Milliseconds + 100, leaseUntil: 0));
        await node.ReportAsync(id, report => report with { State = ServerState.Crashed });

        Assert.Equal("Crashed", (await node.StateAsync(id)).ServerState);
    }

    [Fact]
    public async Task Nothing_new_of_many_guests_is_one_statement_every_five_seconds()
    {
        await using var node = await GatewayNode.StartAsync();
        var ids = new List<string>();
        for (var count = 0; count < 50; count++)
        {
            ids.Add(await node.InstanceAsync());
            await node.ReportAsync(ids[^1]);
        }

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        node.Database.TakeWrites();
        foreach (var id in ids)
        {
            await node.ReportAsync(id);
        }

        Assert.Empty(node.Database.TakeWrites());
        await FlushAsync(node, ids);
        Assert.Single(node.Database.TakeWrites());
    }

    [Fact]
    public async Task Lag_and_use_of_the_volume_follow_with_the_next_round()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        await node.ReportAsync(id, report => report with { Volume = new VolumeUse(100, 1) });

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.ReportAsync(id, report => report with { Volume = new VolumeUse(100, 50) });
        Assert.Equal(1, (await node.StateAsync(id)).VolumeUsed);
        await FlushAsync(node, [id]);

        Assert.Equal(50, (await node.StateAsync(id)).VolumeUsed);
    }

    [Fact]
    public async Task After_a_restart_of_the_gateway_nobody_is_silent_before_one_full_interval()
    {
        await using var node = await GatewayNode.StartAsync();
        var (id, never) = (await node.InstanceAsync(), await node.InstanceAsync());
        await node.ReportAsync(id);
        await node.Reports.StopAsync(TestContext.Current.CancellationToken);
        node.Clock.Advance(TimeSpan.FromHours(1));

        await using var again = await node.StartAnotherAsync();

        Assert.Equal("HEALTHY", await OperatingAsync(again, id));
        node.Clock.Advance(TimeSpan.FromMilliseconds(SilentAfter));
        Assert.Equal("HEALTHY", await OperatingAsync(again, id));
        node.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("ERROR", await OperatingAsync(again, id));
        Assert.Null(await again.Read(unit => GuestRows.Find(unit, never)));
    }

    [Fact]
    public async Task A_lease_is_never_longer_than_the_one_that_is_written_down()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();

        for (var second = 0; second < 20; second++)
        {
            var answer = await node.ReportAsync(id);
            var written = (await node.StateAsync(id)).LeaseUntil - node.Clock.Milliseconds;
            Assert.InRange(answer.LeaseUntilSeconds, 1, written / 1000.0);
            node.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task While_the_database_is_away_leases_run_out()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        var full = await node.Reports.AcceptAsync(id, Report, TestContext.Current.CancellationToken);
        node.Database.IsAway = true;

        node.Clock.Advance(GatewayNode.Options.Lease / 2);
        var half = await node.Reports.AcceptAsync(id, Report, TestContext.Current.CancellationToken);
        node.Clock.Advance(GatewayNode.Options.Lease);
        var none = await node.Reports.AcceptAsync(id, Report, TestContext.Current.CancellationToken);

        Assert.Equal([GatewayNode.Options.Lease, GatewayNode.Options.Lease / 2, TimeSpan.Zero], [full, half, none]);
    }

    [Fact]
    public async Task An_answer_carries_the_role_epoch_of_the_row_and_what_the_agent_says_of_it_is_kept()
    {
        await using var node = await GatewayNode.StartAsync();
        var master = await node.InstanceAsync();
        var id = await node.InstanceAsync();
        await node.Write(unit => unit.Execute("UPDATE instances SET slave_of_id = @master WHERE id = @id", new { master, id }));
        Assert.Equal(1, (await node.ReportAsync(id)).RoleEpoch);

        await node.Write(unit => InstanceChanges.RemoveSlave(unit, id, master, demoteAt: null));
        Assert.Equal(2, (await node.ReportAsync(id)).RoleEpoch);
        Assert.Equal((0, false), await ToldAsync());
        await node.ReportAsync(id, report => report with { RoleEpoch = 2, LeaseLeftSeconds = 12.5 });

        Assert.Equal((2, true), await ToldAsync());

        async Task<(long, bool)> ToldAsync()
        {
            var state = await node.StateAsync(id);
            return (state.RoleEpoch, state.LeaseHeld);
        }
    }

    private static GuestReport Report => new() { AgentVersion = "test", State = ServerState.Healthy };

    private static async Task FlushAsync(GatewayNode node, IEnumerable<string> ids)
    {
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var id in ids)
        {
            await Eventually.HoldsAsync(
                "that it was heard of", Soon, async () => (await node.StateAsync(id)).LastSeen == node.Clock.Milliseconds);
        }
    }

    private static async Task<string> OperatingAsync(GatewayNode node, string id) => PublicStatus.Derive(
        new Instance { Lifecycle = Lifecycle.Ready },
        null,
        await node.StateAsync(id),
        node.Clock.Milliseconds,
        SilentAfter).OperatingStatus;
}
