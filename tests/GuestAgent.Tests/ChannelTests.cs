using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.Testing;
using System.Diagnostics;

namespace Dbaas.GuestAgent.Tests;

/// <summary>A real gateway, and real agents or their side of the channel, over TLS.</summary>
public sealed class ChannelTests : IDisposable
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";
    private const string Other = "0198c0de-0000-7000-8000-000000000002";

    // Longer than the longest pause of an agent that found no gateway.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    private readonly TempFolder folder = new();
    private readonly FakeDatastore datastore = new();

    private CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_agent_enrols_once_and_comes_back_with_its_certificate()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = Bootstrap(gateway);
        await using (Agent(bootstrap))
        {
            await ReportAsync(gateway, report => report.State == ServerState.Unprepared);
        }

        var certificates = gateway.Directory.Certificates;
        var before = gateway.Directory.Reports.Count;
        await using (Agent(bootstrap))
        {
            await Eventually.HoldsAsync("another report", Soon, () => gateway.Directory.Reports.Count > before);
        }

        Assert.Equal(certificates, gateway.Directory.Certificates);
        Assert.Empty(gateway.Directory.Refusals);
        Assert.Equal(["resume", "resume"], datastore.Calls);
    }

    [Fact]
    public async Task A_report_passes_the_long_poll_on_the_same_connection()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var secret = gateway.Directory.Provision(Instance);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, secret)).Certificate);
        using var client = gateway.Client(identity);
        var poll = client.PollAsync([], TimeSpan.FromSeconds(30), Cancel);
        await Eventually.HoldsAsync("the poll is there", Soon, () => gateway.Calls.Any(call => call.Path == Routes.Commands));

        await client.ReportAsync(new GuestReport { AgentVersion = "test", State = ServerState.Healthy }, Cancel);

        Assert.False(poll.IsCompleted);
        Assert.Single(gateway.Calls.Where(call => call.Path != Routes.Enrol).Select(call => call.Connection).Distinct());
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("one", new StopServer(), 1));
        Assert.Equal("one", Assert.Single((await poll).Commands).Id);
    }

    /// <summary>Over HTTP/2 a call that came to nothing leaves its connection as it is, for the next.</summary>
    [Fact]
    public async Task A_connection_that_nothing_comes_through_any_more_is_given_up()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var secret = gateway.Directory.Provision(Instance);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, secret)).Certificate);
        await using var path = new LosingPath(gateway.Url);
        using var client = new GatewayClient(TestGateway.List(path.Url), new Trust(gateway.Authority.CertificatesPem), identity);
        var report = new GuestReport { AgentVersion = "test", State = ServerState.Healthy };
        await client.ReportAsync(report, Cancel);
        var poll = client.PollAsync([], TimeSpan.FromMinutes(10), Cancel);
        await Eventually.HoldsAsync("the poll is there", Soon, () => gateway.Calls.Any(call => call.Path == Routes.Commands));

        path.LoseAll();

        await Assert.ThrowsAsync<GatewayException>(() => poll.WaitAsync(Soon, Cancel));
        await client.ReportAsync(report, Cancel);
    }

    [Fact]
    public async Task A_used_secret_is_refused_and_recorded_but_its_user_may_ask_again()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var secret = gateway.Directory.Provision(Instance);
        using var first = new AgentIdentity(folder.Below("first"), _ => { });
        using var thief = new AgentIdentity(folder.Below("thief"), _ => { });
        await EnrolAsync(gateway, first, Instance, secret);

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => EnrolAsync(gateway, thief, Instance, secret));
        await EnrolAsync(gateway, first, Instance, secret);

        Assert.True(refusal.Refused);
        Assert.Equal([(Instance, RefusalKinds.Enrolment)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task An_enrolment_that_is_revoked_between_secret_and_certificate_is_refused_and_recorded()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var secret = gateway.Directory.Provision(Instance);
        gateway.Directory.BeforeRecording = () => gateway.Directory.Delete(Instance);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => EnrolAsync(gateway, identity, Instance, secret));

        Assert.True(refusal.Refused);
        Assert.Empty(gateway.Directory.Certificates);
        Assert.Equal([(Instance, RefusalKinds.Enrolment)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_recorded()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        gateway.Directory.Provision(Instance);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });

        await Assert.ThrowsAsync<GatewayException>(() => EnrolAsync(gateway, identity, Instance, "guess"));

        Assert.Equal([(Instance, RefusalKinds.Enrolment)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task Without_a_certificate_only_enrolment_is_open()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var stranger = new AgentIdentity(folder.Below("stranger"), _ => { });
        using var client = gateway.Client(stranger);

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => client.PollAsync([], TimeSpan.Zero, Cancel));

        Assert.Contains("401", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_guests_certificate_cannot_answer_see_or_enrol_for_an_instance()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var other = new AgentIdentity(folder.Below("other"), _ => { });
        other.Accept((await EnrolAsync(gateway, other, Other, gateway.Directory.Provision(Other))).Certificate);
        var secret = gateway.Directory.Provision(Instance);
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", new StartServer()));
        using var client = gateway.Client(other);

        var seen = await client.PollAsync([], TimeSpan.Zero, Cancel);
        await Assert.ThrowsAsync<GatewayException>(() => client.ReplyAsync(new ReplyEnvelope("c1", Outcome.Succeeded, null, null), Cancel));
        await Assert.ThrowsAsync<GatewayException>(() => EnrolAsync(gateway, other, Instance, secret));

        Assert.Empty(seen.Commands);
        Assert.Empty(gateway.Directory.Replies);
        Assert.Equal([(Other, RefusalKinds.OtherGuest), (Other, RefusalKinds.OtherGuest)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task A_deleted_instances_certificate_is_refused_and_recorded()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, gateway.Directory.Provision(Instance))).Certificate);
        using var client = gateway.Client(identity);
        await client.PollAsync([], TimeSpan.Zero, Cancel);

        gateway.Directory.Delete(Instance);

        await Assert.ThrowsAsync<GatewayException>(() => client.PollAsync([], TimeSpan.Zero, Cancel));
        Assert.Equal([(Instance, RefusalKinds.Certificate)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_does_not_pass_the_handshake()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var foreign = await TestGateway.StartAsync(folder.Below("foreign"));
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(foreign, identity, Instance, foreign.Directory.Provision(Instance))).Certificate);
        using var client = gateway.Client(identity);

        var failure = await Assert.ThrowsAsync<GatewayException>(() => client.PollAsync([], TimeSpan.Zero, Cancel));

        Assert.False(failure.Refused);
    }

    [Fact]
    public async Task An_agent_trusts_no_gateway_of_another_authority_and_no_guest_in_its_place()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var foreign = await TestGateway.StartAsync(folder.Below("foreign"));
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Other, gateway.Directory.Provision(Other))).Certificate);
        await using var posing = new PosingGuest(identity.Certificate!);
        using var stranger = new AgentIdentity(folder.Below("stranger"), _ => { });

        foreach (var url in new[] { foreign.Url, posing.Url })
        {
            using var client = new GatewayClient(TestGateway.List(url), new Trust(gateway.Authority.CertificatesPem), stranger);
            var failure = await Assert.ThrowsAsync<GatewayException>(() => client.PollAsync([], TimeSpan.Zero, Cancel));
            Assert.IsType<System.Security.Authentication.AuthenticationException>(failure.InnerException!.InnerException);
        }
    }

    [Fact]
    public async Task A_command_reaches_a_waiting_agent_at_once_and_its_reply_is_recorded()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var agent = Agent(Bootstrap(gateway));
        await ReportAsync(gateway, _ => true);
        await AnswerAsync(gateway, "warm", new ListDatabases(10, null), fence: null);

        var watch = Stopwatch.StartNew();
        var reply = await AnswerAsync(gateway, "c1", new StartServer());

        Assert.Equal(Outcome.Succeeded, reply.Outcome);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_long_command_is_not_sent_again_while_it_is_in_hand_and_others_pass_it()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var release = new TaskCompletionSource();
        datastore.During["start"] = _ => release.Task;
        await using var agent = Agent(Bootstrap(gateway));
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("long", new StartServer()));
        await Eventually.HoldsAsync("its start", Soon, () => datastore.Calls.Contains("start"));

        var read = await AnswerAsync(gateway, "read", new ListUsers(10, null), fence: null);
        release.SetResult();

        Assert.Equal(Outcome.Succeeded, read.Outcome);
        await Eventually.HoldsAsync("the long one's reply", Soon, () => gateway.Directory.Replies.Any(r => r.Reply.Id == "long"));
        Assert.Single(datastore.Calls, "start");
    }

    [Fact]
    public async Task A_report_comes_at_once_when_the_state_changes_and_again_at_the_interval()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var agent = Agent(Bootstrap(gateway));
        var first = await ReportAsync(gateway, report => report.Events.Any(e => e.Kind == "agent-started"));
        Assert.NotNull(first.Volume);

        // The interval is a minute: these come earlier or the test fails.
        gateway.Directory.NextReport = TimeSpan.FromSeconds(1);
        datastore.State = ServerState.Crashed;
        var crashed = await ReportAsync(gateway, report => report.State == ServerState.Crashed);
        await Eventually.HoldsAsync("the next one", Soon, () => Crashes().Count > 1);
        var next = Crashes()[1];

        Assert.Equal(ServerState.Crashed, crashed.State);
        Assert.Empty(next.Events);

        List<GuestReport> Crashes() =>
            [.. gateway.Directory.Reports.Select(one => one.Report).Where(one => one.State == ServerState.Crashed)];
    }

    /// <summary>An operation that has ended leaves nobody who reads how the server was in the middle of it.</summary>
    [Fact]
    public async Task What_a_command_changed_is_reported_before_it_is_answered()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var agent = Agent(Bootstrap(gateway));
        await ReportAsync(gateway, _ => true);
        gateway.Directory.BeforeReport = _ => Task.Delay(TimeSpan.FromMilliseconds(500));

        await AnswerAsync(gateway, "c1", new StartServer());

        var known = gateway.Directory.Reports[^1].Report;
        Assert.Equal((ServerState.Healthy, true), (known.State, known.IsNews));
    }

    [Fact]
    public async Task A_report_that_nobody_takes_does_not_keep_an_answer_back()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var agent = Agent(Bootstrap(gateway));
        await ReportAsync(gateway, _ => true);
        var release = new TaskCompletionSource();
        gateway.Directory.BeforeReport = _ => release.Task;

        var reply = await AnswerAsync(gateway, "c1", new StartServer());
        release.SetResult();

        Assert.Equal(Outcome.Succeeded, reply.Outcome);
        var known = await ReportAsync(gateway, report => report.State == ServerState.Healthy);
        Assert.True(known.IsNews);
    }

    [Fact]
    public async Task The_answer_of_a_command_that_only_reads_waits_for_no_report()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, gateway.Directory.Provision(Instance))).Certificate);
        using var client = gateway.Client(identity);
        var delivery = new ReplyDelivery(
            client, new Retry(TimeProvider.System, () => 0, _ => { }), () => new TaskCompletionSource().Task, new StillTime(), _ => { });
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", new Ping(), fence: null));

        await delivery.DeliverAsync(new ReplyEnvelope("c1", Outcome.Succeeded, null, null), changesNothing: true, Cancel)
            .WaitAsync(Soon, Cancel);

        Assert.Equal("c1", Assert.Single(gateway.Directory.Replies).Reply.Id);
    }

    [Fact]
    public async Task Reports_go_on_when_the_machines_clock_is_set_back()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        gateway.Directory.NextReport = TimeSpan.FromSeconds(1);
        var clock = new SetClock();
        await using var agent = new RunningAgent(Bootstrap(gateway), datastore, clock);

        // The clock may be set while an answer is under way, and then nothing depends on it.
        for (var (round, seen) = (0, 0); round < 4; round++)
        {
            seen += 2;
            await Eventually.HoldsAsync($"report {seen}", Soon, () => gateway.Directory.Reports.Count >= seen);
            seen = gateway.Directory.Reports.Count;
            clock.Shift(TimeSpan.FromHours(-1));
        }
    }

    [Fact]
    public async Task The_role_epoch_and_the_lease_of_an_answer_come_back_with_the_next_report_and_the_epoch_after_a_restart_too()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = Bootstrap(gateway);
        await using (Agent(bootstrap))
        {
            var first = await ReportAsync(gateway, _ => true);
            Assert.Equal((0, 0), (first.RoleEpoch, first.LeaseLeftSeconds));

            // The interval is a minute: a new epoch is confirmed without waiting for it.
            gateway.Directory.RoleEpoch = 5;
            datastore.State = ServerState.Crashed;
            var later = await ReportAsync(gateway, report => report.RoleEpoch == 5);
            Assert.InRange(later.LeaseLeftSeconds, 1, gateway.Directory.Lease.TotalSeconds);
        }

        gateway.Directory.RoleEpoch = 4;
        var before = gateway.Directory.Reports.Count;
        await using var again = Agent(bootstrap);
        await Eventually.HoldsAsync("another report", Soon, () => gateway.Directory.Reports.Count > before);

        var fresh = gateway.Directory.Reports[before].Report;
        Assert.Equal((5, 0), (fresh.RoleEpoch, fresh.LeaseLeftSeconds));
    }

    [Fact]
    public async Task More_events_than_one_report_holds_come_with_the_next_ones_each_of_them_once()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = Bootstrap(gateway);
        var next = 0;
        var queue = new EventQueue(
            HostFolders.EnsureState(bootstrap).State, () => { }, TimeProvider.System, () => $"e{++next:000}", _ => { });
        for (var count = 0; count < 2 * GuestReport.MostEvents; count++)
        {
            queue.Add("database-crashed", "again");
        }

        await using var agent = Agent(bootstrap);

        // The interval is a minute: the rest does not wait for it.
        await ReportAsync(gateway, report => report.Events.Any(e => e.Kind == "agent-started"));
        var events = gateway.Directory.Reports.Select(r => r.Report.Events).ToList();
        Assert.All(events, some => Assert.InRange(some.Count, 0, GuestReport.MostEvents));
        Assert.Equal(
            Enumerable.Range(1, 2 * GuestReport.MostEvents).Select(number => $"e{number:000}"),
            events.SelectMany(some => some).Where(e => e.Kind == "database-crashed").Select(e => e.Id));
    }

    [Fact]
    public async Task A_fenced_command_is_refused_and_the_next_report_says_so()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var agent = Agent(Bootstrap(gateway));
        await AnswerAsync(gateway, "new", new StartServer(), fence: 2);

        var reply = await AnswerAsync(gateway, "old", new StopServer(), fence: 1);

        Assert.Equal(Outcome.Fenced, reply.Outcome);
        await ReportAsync(gateway, report => report.Events.Any(e => e.Kind == "command-fenced"));
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_renewed_and_the_channel_goes_on_with_the_new_one()
    {
        // Two thirds of such a short life (it begins five minutes ago) are over at once.
        await using var gateway = await TestGateway.StartAsync(folder.Path, agentLife: TimeSpan.FromMinutes(1));
        await using var agent = Agent(Bootstrap(gateway));

        await Eventually.HoldsAsync("a second certificate", Soon, () => gateway.Directory.Certificates.Count == 2);

        Assert.Equal(Outcome.Succeeded, (await AnswerAsync(gateway, "c1", new StartServer())).Outcome);
    }

    [Fact]
    public async Task An_agent_goes_on_through_another_gateway_and_through_a_gateways_restart()
    {
        var gateway = await TestGateway.StartAsync(folder.Path);
        var (directory, port) = (gateway.Directory, gateway.Url.Port);
        var nobody = new Uri("https://127.0.0.1:9");
        await using var agent = Agent(RunningAgent.Bootstrap(
            folder.Path, Instance, directory.Provision(Instance), gateway.Authority.CertificatesPem, nobody, gateway.Url));
        await AnswerAsync(gateway, "c1", new StartServer());
        await gateway.DisposeAsync();

        await using var again = await TestGateway.StartAsync(folder.Path, directory, port: port);

        Assert.Equal(Outcome.Succeeded, (await AnswerAsync(again, "c2", new StopServer())).Outcome);
    }

    [Fact]
    public async Task An_agent_that_was_given_one_gateway_learns_of_the_others_and_goes_on_through_them_also_after_its_own_restart()
    {
        var first = await TestGateway.StartAsync(folder.Path);
        await using var second = await TestGateway.StartAsync(folder.Path, first.Directory);
        var directory = first.Directory;
        directory.Gateways = [first.Url.ToString(), second.Url.ToString(), "not an address", "http://127.0.0.1:1"];
        var bootstrap = Bootstrap(first);
        await using (Agent(bootstrap))
        {
            await AnswerAsync(second, "c1", new StartServer());

            await first.DisposeAsync();

            Assert.Equal(Outcome.Succeeded, (await AnswerAsync(second, "c2", new StopServer())).Outcome);
        }

        var before = directory.Reports.Count;
        await using var again = Agent(bootstrap);
        await Eventually.HoldsAsync("another report", Soon, () => directory.Reports.Count > before);
        Assert.Equal(Outcome.Succeeded, (await AnswerAsync(second, "c3", new StartServer())).Outcome);
    }

    [Fact]
    public async Task A_gateway_that_joins_is_told_in_the_answer_to_a_report_and_the_agent_goes_on_through_it()
    {
        var first = await TestGateway.StartAsync(folder.Path);
        var directory = first.Directory;
        directory.Gateways = [first.Url.ToString()];
        directory.NextReport = TimeSpan.FromSeconds(1);
        await using var agent = Agent(Bootstrap(first));
        await AnswerAsync(first, "c1", new StartServer());
        await using var second = await TestGateway.StartAsync(folder.Path, directory);

        string[] both = [first.Url.ToString(), second.Url.ToString()];
        directory.Gateways = both;

        await Eventually.HoldsAsync(
            "a report that names the new list", Soon, () => directory.Reports[^1].Report.GatewaysMark == string.Join(' ', both));
        Assert.Single(directory.Hellos.Skip(1));
        await first.DisposeAsync();
        Assert.Equal(Outcome.Succeeded, (await AnswerAsync(second, "c2", new StopServer())).Outcome);
    }

    [Fact]
    public async Task The_answer_to_a_report_names_gateways_only_when_others_serve_than_the_agent_knows()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, gateway.Directory.Provision(Instance))).Certificate);
        using var client = gateway.Client(identity);
        gateway.Directory.Gateways = [gateway.Url.ToString(), "https://127.0.0.1:1/"];

        Assert.Equal(gateway.Directory.Gateways, (await ReportAsync())?.Gateways);
        Assert.Null(await ReportAsync());
        gateway.Directory.Gateways = [gateway.Url.ToString()];
        Assert.Equal(gateway.Directory.Gateways, (await ReportAsync())?.Gateways);

        async Task<GatewayNews?> ReportAsync() => (await client.ReportAsync(
            new GuestReport { AgentVersion = "test", State = ServerState.Healthy }, Cancel)).Gateways;
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_and_a_body_that_is_no_json_are_refused()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        identity.Accept((await EnrolAsync(gateway, identity, Instance, gateway.Directory.Provision(Instance))).Certificate);
        using var client = gateway.Client(identity);

        var large = await Assert.ThrowsAsync<GatewayException>(() => client.ReplyAsync(
            new ReplyEnvelope("c1", Outcome.Failed, new GuestFault(FaultKind.Permanent, new string('x', 2_000_000)), null), Cancel));

        Assert.Contains("413", large.Message, StringComparison.Ordinal);
    }

    internal static AgentHello Hello(int oldest, int newest) => new("test", oldest, newest, [], new MachineFacts(512, 1));

    private GuestBootstrap Bootstrap(TestGateway gateway) => RunningAgent.Bootstrap(
        folder.Path, Instance, gateway.Directory.Provision(Instance), gateway.Authority.CertificatesPem, gateway.Url);

    private RunningAgent Agent(GuestBootstrap bootstrap) => new(bootstrap, datastore);

    private async Task<EnrolmentAnswer> EnrolAsync(TestGateway gateway, AgentIdentity identity, string instanceId, string secret)
    {
        using var client = gateway.Client(identity);
        return await client.EnrolAsync(
            new EnrolmentRequest(instanceId, secret, identity.MakeCertificateRequest(), Hello(1, 1)), Cancel);
    }

    private static async Task<ReplyEnvelope> AnswerAsync(TestGateway gateway, string id, GuestCommand command, long? fence = 1)
    {
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope(id, command, fence));
        var replies = await Eventually.SeeAsync(
            $"a reply to {id}", Soon, () => Task.FromResult(gateway.Directory.Replies), all => all.Any(r => r.Reply.Id == id));
        return replies.Single(r => r.Reply.Id == id).Reply;
    }

    private static async Task<GuestReport> ReportAsync(TestGateway gateway, Func<GuestReport, bool> accept)
    {
        var reports = await Eventually.SeeAsync(
            "such a report", Soon, () => Task.FromResult(gateway.Directory.Reports), all => all.Any(r => accept(r.Report)));
        return reports.First(r => accept(r.Report)).Report;
    }
}
