using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence.Rows;
using Dbaas.Testing;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>When what agents report is written, and what they may rely on.</summary>
public sealed class GuestReportsTests
{
    private static readonly TimeSpan SilentAfter = GatewayNode.Options.SilentAfter;
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
        await node.Write(unit => GuestRows.Seen(unit, [id], TimeSpan.FromMilliseconds(-100), TimeSpan.Zero));
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
    public async Task When_gateways_are_back_nobody_who_answered_before_is_silent_before_one_full_interval_and_nobody_else_comes_to_life()
    {
        await using var node = await GatewayNode.StartAsync();
        var (id, dead, never) = (await node.InstanceAsync(), await node.InstanceAsync(), await node.InstanceAsync());
        await node.ReportAsync(dead);
        await PassAsync(node, 2 * SilentAfter);
        await node.ReportAsync(id);
        await node.StopAsync();
        node.Clock.Advance(TimeSpan.FromHours(1));

        await using var again = await node.StartAnotherAsync();

        Assert.Equal(("HEALTHY", "ERROR"), (await OperatingAsync(again, id), await OperatingAsync(again, dead)));
        await PassAsync(again, SilentAfter);
        Assert.Equal(("HEALTHY", "ERROR"), (await OperatingAsync(again, id), await OperatingAsync(again, dead)));
        node.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("ERROR", await OperatingAsync(again, id));
        Assert.Null(await again.Read(unit => GuestRows.Find(unit, never)));
    }

    [Fact]
    public async Task A_start_of_one_gateway_beside_another_declares_nobody_alive()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        await node.ReportAsync(id);
        await PassAsync(node, SilentAfter + TimeSpan.FromSeconds(1));

        await using var another = await node.StartAnotherAsync();

        Assert.Equal("ERROR", await OperatingAsync(another, id));
    }

    [Fact]
    public async Task Of_two_gateways_that_are_reported_to_in_turn_each_compares_with_the_row()
    {
        await using var one = await GatewayNode.StartAsync();
        await using var other = await one.StartAnotherAsync();
        var id = await one.InstanceAsync();
        await one.ReportAsync(id);
        await other.ReportAsync(id, report => report with { State = ServerState.Starting });

        // What this gateway said last; but not what the row says.
        await one.ReportAsync(id);
        Assert.Equal("Healthy", (await one.StateAsync(id)).ServerState);

        await other.ReportAsync(id, report => report with { State = ServerState.Starting });
        Assert.Equal("Starting", (await one.StateAsync(id)).ServerState);
    }

    [Fact]
    public async Task Figures_are_written_when_they_have_moved_by_as_much_as_anybody_would_look_at()
    {
        await using var node = await GatewayNode.StartAsync();
        var ids = new List<string>();
        for (var number = 0; number < 450; number++)
        {
            ids.Add(await node.InstanceAsync());
            await ReportAsync(ids[number], used: 500, lag: 1.1);
        }

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var id in ids)
        {
            await ReportAsync(id, used: 504, lag: 1.3);
        }

        await node.Reports.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(500L << 20, (await node.StateAsync(ids[0])).VolumeUsed);
        foreach (var id in ids)
        {
            await ReportAsync(id, used: 600, lag: 2.6);
        }

        node.Database.TakeTransactions();
        node.Database.TakeWrites();
        await node.Reports.FlushAsync(TestContext.Current.CancellationToken);

        // No unit writes more than 200 rows.
        Assert.Equal((3, 6), (node.Database.TakeTransactions(), node.Database.TakeWrites().Count));
        foreach (var id in ids)
        {
            var state = await node.StateAsync(id);
            Assert.Equal((600L << 20, 2.6), (state.VolumeUsed, state.LagSeconds));
        }

        Task ReportAsync(string id, long used, double lag) => node.ReportAsync(id, report => report with
        {
            Volume = new VolumeUse(1000L << 20, used << 20), Replication = new ReplicationReport { LagSeconds = lag },
        });
    }

    [Fact]
    public async Task A_guest_that_says_too_much_in_every_word_is_kept_within_bounds()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        var much = new string('x', 5000);

        await node.ReportAsync(id, report => report with
        {
            Detail = much,
            ServerVersion = much,
            Certificate = much + much,
            Replication = new ReplicationReport { LastError = much, SourceHost = much },
            Events = [new GuestEvent(much, node.Clock.GetUtcNow(), much, much)],
        });

        var state = await node.StateAsync(id);
        Assert.Equal((2000, 255, null), (state.Detail!.Length, state.ServerVersion!.Length, state.Certificate));
        var happened = Assert.Single(await node.HistoryAsync(id), entry => entry.Outcome == "seen");
        Assert.Equal((64, 2000), (happened.Event.Length, happened.Detail!.Length));
        Assert.InRange(happened.Id.Length, 1, 100);
    }

    [Fact]
    public async Task A_report_that_a_process_which_stood_still_comes_back_with_says_nothing_of_today()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        await node.ReportAsync(id);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.ReportAsync(id);

        // It was heard of, and not written down, before the process was stopped for a minute.
        node.Database.IsAway = true;
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        node.Database.IsAway = false;
        await node.Reports.FlushAsync(TestContext.Current.CancellationToken);

        Assert.InRange((await node.StateAsync(id)).SilentFor, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
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
        var full = await node.ReportAsync(id);
        node.Database.IsAway = true;
        await Assert.ThrowsAsync<IOException>(() => node.ReportAsync(id));

        // As for an agent that hears of it: what it was granted runs out, and what is written down is no longer.
        node.Clock.Advance(GatewayNode.Options.Lease);
        node.Database.IsAway = false;
        Assert.Equal(GatewayNode.Options.Lease.TotalSeconds, full.LeaseUntilSeconds);
        Assert.True((await node.StateAsync(id)).LeaseUntil <= node.Clock.Milliseconds);
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

    /// <summary>Time goes by, and there is a gateway all the while.</summary>
    private static async Task PassAsync(GatewayNode node, TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync(
                "the gateway's sign",
                Soon,
                () => node.Read(unit => unit.First<long>("SELECT seen FROM gateway_watch") > node.Clock.Milliseconds - 10_000));
        }
    }

    private static async Task FlushAsync(GatewayNode node, IEnumerable<string> ids)
    {
        var before = node.Clock.Milliseconds;
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var id in ids)
        {
            await Eventually.HoldsAsync(
                "that it was heard of", Soon, async () => (await node.StateAsync(id)).LastSeen >= before);
        }
    }

    private static async Task<string> OperatingAsync(GatewayNode node, string id) => PublicStatus.Derive(
        new Instance { Lifecycle = Lifecycle.Ready },
        null,
        await node.StateAsync(id),
        SilentAfter).OperatingStatus;
}
