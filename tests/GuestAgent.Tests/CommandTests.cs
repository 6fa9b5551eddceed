using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Commands;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using static Dbaas.GuestAgent.Tests.DispatcherHarness;

namespace Dbaas.GuestAgent.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeDatastore datastore = new();
    private readonly List<CancellationTokenSource> stops = [];

    public void Dispose()
    {
        stops.ForEach(stop => stop.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task A_repeated_command_is_answered_from_the_journal_and_not_done_again()
    {
        var first = await Agent().AskAsync(Envelope("c1", new StartServer()));
        var second = await Agent().AskAsync(Envelope("c1", new StartServer()));

        Assert.Equal(Outcome.Succeeded, first.Outcome);
        Assert.Equal(Outcome.Succeeded, second.Outcome);
        Assert.Equal(["start"], datastore.Calls);
    }

    [Fact]
    public async Task The_log_names_the_operation_that_a_command_is_of()
    {
        var agent = Agent();

        await agent.AskAsync(Envelope("c1", new StartServer()) with { OperationId = "op-7" });
        await agent.AskAsync(Envelope("c2", new StartServer()));

        Assert.Equal(["Command start_server c1 of operation op-7: Succeeded"], agent.Log);
    }

    [Fact]
    public async Task A_recorded_failure_is_returned_as_it_was()
    {
        datastore.During["start"] = _ => throw new DatastoreException(FaultKind.Precondition, "It follows another server.");
        await Agent().AskAsync(Envelope("c1", new StartServer()));
        datastore.During.Clear();

        var again = await Agent().AskAsync(Envelope("c1", new StartServer()));

        Assert.Equal(new GuestFault(FaultKind.Precondition, "It follows another server."), again.Fault);
    }

    [Fact]
    public async Task A_command_that_the_agent_died_in_is_run_again()
    {
        var dying = Agent();
        var begun = Block("start");
        dying.Send(Envelope("c1", new StartServer()));
        await begun;
        await dying.DieAsync();
        datastore.During.Clear();

        var reply = await Agent().AskAsync(Envelope("c1", new StartServer()));

        Assert.Empty(dying.Replies);
        Assert.Equal(Outcome.Succeeded, reply.Outcome);
        Assert.Equal(["start", "start"], datastore.Calls);
    }

    [Fact]
    public async Task A_restart_that_the_agent_died_in_after_the_stop_does_not_stop_again()
    {
        var dying = Agent();
        var begun = Block("start");
        dying.Send(Envelope("c1", new RestartServer()));
        await begun;
        await dying.DieAsync();
        datastore.During.Clear();

        var agent = Agent();
        await agent.AskAsync(Envelope("c1", new RestartServer()));
        await agent.AskAsync(Envelope("c1", new RestartServer()));

        Assert.Equal(["stop", "start", "start"], datastore.Calls);
    }

    [Fact]
    public async Task A_restart_whose_start_took_too_long_is_asked_for_again_and_does_not_stop_again()
    {
        var agent = Agent();
        datastore.During["start"] = _ => throw new DatastoreException(FaultKind.Transient, "It does not answer yet.");
        var slow = await agent.AskAsync(Envelope("c1", new RestartServer { RestartId = "r" }));
        datastore.During.Clear();

        var again = await Agent().AskAsync(Envelope("c2", new RestartServer { RestartId = "r" }));
        await agent.AskAsync(Envelope("c3", new RestartServer { RestartId = "another" }));

        Assert.Equal((FaultKind.Transient, Outcome.Succeeded), (slow.Fault!.Kind, again.Outcome));
        Assert.Equal(["stop", "start", "start", "stop", "start"], datastore.Calls);
    }

    [Fact]
    public async Task A_lower_fence_is_refused_and_recorded_also_after_a_restart_of_the_agent()
    {
        await Agent().AskAsync(Envelope("c1", new StartServer(), fence: 5));

        var agent = Agent();
        var lower = await agent.AskAsync(Envelope("c2", new StopServer(), fence: 4));
        var equal = await agent.AskAsync(Envelope("c3", new StopServer(), fence: 5));

        Assert.Equal(Outcome.Fenced, lower.Outcome);
        Assert.Equal(["command-fenced"], agent.Events.Kinds);
        Assert.Equal(Outcome.Succeeded, equal.Outcome);
        Assert.Equal(["start", "stop"], datastore.Calls);
    }

    [Fact]
    public async Task A_higher_fence_ends_the_running_command_of_a_lower_one()
    {
        var agent = Agent();
        var begun = Block("start");
        agent.Send(Envelope("old", new StartServer(), fence: 1));
        await begun;

        var reply = await agent.AskAsync(Envelope("new", new StopServer(), fence: 2));

        Assert.Equal(Outcome.Succeeded, reply.Outcome);
        Assert.Equal(FaultKind.Transient, (await agent.ReplyToAsync("old")).Fault!.Kind);
    }

    [Fact]
    public async Task Commands_run_one_at_a_time_in_the_order_of_their_arrival_and_reads_run_beside_them()
    {
        var agent = Agent();
        var release = new TaskCompletionSource();
        datastore.During["start"] = _ => release.Task;
        agent.Send(Envelope("c1", new StartServer()));
        agent.Send(Envelope("c2", new CreateDatabases([new DatabaseSpec("a")]), fence: null));
        agent.Send(Envelope("c3", new StopServer()));

        var read = await agent.AskAsync(Envelope("r1", new ListDatabases(10, null), fence: null));
        Assert.Equal("shop", read.Body!.Value.GetProperty("databases")[0].GetString());
        Assert.DoesNotContain("stop", datastore.Calls);
        release.SetResult();

        await agent.ReplyToAsync("c3");
        Assert.Equal(["start", "create databases", "stop"], datastore.Calls.Where(call => call != "list databases"));
    }

    [Fact]
    public async Task A_change_of_master_is_asked_of_the_datastore_and_a_position_is_waited_for_beside_what_else_is_done()
    {
        var agent = Agent(datastore.WithAccounts() with { Replication = new FakeReplication(datastore) });
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        datastore.During["start"] = _ =>
        {
            begun.SetResult();
            return release.Task;
        };

        var stopped = await agent.AskAsync(Envelope("c1", new StopWrites(3)));
        agent.Send(Envelope("c2", new StartServer()));
        await begun.Task.WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);
        var waited = await agent.AskAsync(Envelope("r1", new WaitForPosition(FakeReplication.Position, 7), fence: null));
        release.SetResult();
        await agent.AskAsync(Envelope("c3", new PromoteReplicationSlave()));
        var offered = await agent.AskAsync(Envelope("c4", new OfferFollowing("old", "10.0.0.1")));

        Assert.Equal("position", stopped.Body!.Value.GetProperty("position").GetProperty("kind").GetString());
        Assert.Equal((Outcome.Succeeded, null), (waited.Outcome, waited.Body));
        Assert.Equal("offer", offered.Body!.Value.GetProperty("snapshot").GetProperty("kind").GetString());
        Assert.Equal(
            ["stop writes 3", "start", "wait 7 for position", "promote", "offer following to old at 10.0.0.1"], datastore.Calls);
    }

    [Fact]
    public async Task What_a_failover_asks_is_asked_of_the_datastore_and_a_comparison_comes_beside_what_else_is_done()
    {
        var replication = new FakeReplication(datastore);
        var agent = Agent(datastore.WithAccounts() with { Replication = replication });
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        datastore.During["resume receiving"] = _ =>
        {
            begun.SetResult();
            return release.Task;
        };

        var stopped = await agent.AskAsync(Envelope("c1", new StopReceiving()));
        agent.Send(Envelope("c2", new ResumeReceiving()));
        await begun.Task.WaitAsync(Soon, TimeProvider.System, TestContext.Current.CancellationToken);
        foreach (var (comparison, told) in new (PositionComparison, string)[]
        {
            (new PositionComparison.Equal(), """{"relation":"Equal","transactions":0}"""),
            (new PositionComparison.Behind(2), """{"relation":"Behind","transactions":2}"""),
            (new PositionComparison.Ahead(3), """{"relation":"Ahead","transactions":3}"""),
            (new PositionComparison.Diverged("0-1-7"), """{"relation":"Diverged","transactions":0,"sample":"0-1-7"}"""),
        })
        {
            replication.Comparison = comparison;
            var compared = await agent.AskAsync(
                Envelope($"r {comparison}", new ComparePosition(FakeReplication.Position), fence: null));
            Assert.Equal(told, compared.Body!.Value.GetRawText());
        }

        release.SetResult();
        var resumed = await agent.ReplyToAsync("c2");

        Assert.Equal("position", stopped.Body!.Value.GetProperty("position").GetProperty("kind").GetString());
        Assert.Equal((Outcome.Succeeded, null), (resumed.Outcome, resumed.Body));
        Assert.Equal(
            ["stop receiving", "resume receiving", .. Enumerable.Repeat("compare with position", 4)], datastore.Calls);
    }

    [Fact]
    public async Task A_command_beyond_its_deadline_is_ended_and_may_be_tried_again()
    {
        _ = Block("start");

        var reply = await Agent().AskAsync(Envelope("c1", new StartServer(), deadline: 1));

        Assert.Equal((Outcome.Failed, FaultKind.Transient), (reply.Outcome, reply.Fault!.Kind));
    }

    [Fact]
    public async Task A_command_that_waits_beyond_its_deadline_is_answered_while_the_other_still_runs()
    {
        var agent = Agent();
        var release = new TaskCompletionSource();
        datastore.During["start"] = _ => release.Task;
        agent.Send(Envelope("c1", new StartServer()));

        var reply = await agent.AskAsync(Envelope("c2", new StopServer(), deadline: 1));

        Assert.Equal(FaultKind.Transient, reply.Fault!.Kind);
        release.SetResult();
        await agent.ReplyToAsync("c1");
        Assert.Equal(["start"], datastore.Calls);
    }

    [Fact]
    public async Task An_unknown_command_and_an_absent_part_are_unsupported()
    {
        var agent = Agent(datastore.WithoutParts());

        var unknown = await agent.AskAsync(new CommandEnvelope("c1", "make_coffee", null, 10, JsonSerializer.SerializeToElement(new { })));
        var absent = await agent.AskAsync(Envelope("c2", new DemoteReplicationMaster()));

        Assert.Equal((Outcome.Unsupported, FaultKind.Unsupported), (unknown.Outcome, unknown.Fault!.Kind));
        Assert.Contains("does not know the command make_coffee", unknown.Fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Unsupported, absent.Fault!.Kind);
    }

    [Fact]
    public async Task An_unexpected_failure_says_nothing_about_its_inside()
    {
        foreach (var (fault, expected) in new (Exception, FaultKind)[]
        {
            (new ArgumentException("password=secret"), FaultKind.Permanent),
            (new InvalidOperationException("password=secret"), FaultKind.Transient),
            (new JsonException("password=secret"), FaultKind.Transient),
            (new TimeoutException("password=secret"), FaultKind.Transient),
            (new ObjectDisposedException("password=secret"), FaultKind.Permanent),
        })
        {
            datastore.During["start"] = _ => throw fault;

            var reply = await Agent().AskAsync(Envelope($"c-{fault.GetType().Name}", new StartServer()));

            Assert.Equal(expected, reply.Fault!.Kind);
            Assert.DoesNotContain("secret", reply.Fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_the_system_refuses_for_now_is_a_reason_to_try_again_and_is_told_in_its_words()
    {
        foreach (var (id, fault) in new (string, Exception)[]
        {
            ("full", new IOException("No space left on device : '/volume/agent/member.json'")),
            ("mode", new UnauthorizedAccessException("Access to the path '/volume/agent/member.json' is denied.")),
        })
        {
            datastore.During["start"] = _ => throw fault;

            var reply = await Agent().AskAsync(Envelope(id, new StartServer()));

            Assert.Equal(FaultKind.Transient, reply.Fault!.Kind);
            Assert.Contains(fault.Message, reply.Fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_that_cannot_be_written_down_does_not_reach_the_datastore()
    {
        var agent = Agent();
        var obstacle = Path.Combine(JournalFile("c1") + ".new", "full");
        Directory.CreateDirectory(obstacle);

        var refused = await agent.AskAsync(Envelope("c1", new StartServer()));
        Assert.Equal((Outcome.Failed, FaultKind.Transient), (refused.Outcome, refused.Fault!.Kind));
        Assert.Empty(datastore.Calls);

        Directory.Delete(Path.GetDirectoryName(obstacle)!, recursive: true);
        var done = await agent.AskAsync(Envelope("c1", new StartServer()));
        Assert.Equal(Outcome.Succeeded, done.Outcome);
    }

    [Fact]
    public async Task What_was_done_is_answered_as_done_although_that_cannot_be_written_down()
    {
        foreach (var (id, fault) in new (string, DatastoreException?)[]
        {
            ("done", null),
            ("refused", new DatastoreException(FaultKind.Precondition, "It follows another server.")),
        })
        {
            var obstacle = JournalFile(id) + ".new";
            datastore.During["start"] = _ =>
            {
                Directory.CreateDirectory(Path.Combine(obstacle, "full"));
                return fault is null ? Task.CompletedTask : throw fault;
            };
            var calls = datastore.Calls.Count;

            var reply = await Agent().AskAsync(Envelope(id, new StartServer()));
            Assert.Equal((fault?.Kind, fault?.Message), (reply.Fault?.Kind, reply.Fault?.Message));

            // The agent was killed before the answer had arrived.
            Directory.Delete(obstacle, recursive: true);
            datastore.During.Clear();
            Assert.Equal(Outcome.Succeeded, (await Agent().AskAsync(Envelope(id, new StartServer()))).Outcome);
            Assert.Equal(calls + 2, datastore.Calls.Count);
        }
    }

    [Fact]
    public void What_a_full_volume_left_half_written_goes_with_time()
    {
        var journal = new CommandJournal(folder.Below("journal"), TimeProvider.System, _ => { });
        var (old, young) = (JournalFile("old") + ".new", JournalFile("young") + ".new");
        File.WriteAllText(old, "{\"half");
        File.WriteAllText(young, "{\"half");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-8));

        journal.Prune();

        Assert.Equal([young], Directory.GetFiles(folder.Below("journal")));
    }

    [Fact]
    public async Task On_a_volume_without_a_free_block_each_command_is_put_off_and_done_once_there_is_room()
    {
        Assert.True(Environment.IsPrivilegedProcess, "Loop devices are for root only.");
        await using var volume = await SmallFileSystem.MakeAsync(folder.Below("volume"), megabytes: 16);
        var agent = new DispatcherHarness(folder.Below("volume"), datastore.WithAccounts(), Stop());
        foreach (var command in Commands)
        {
            var (envelope, calls) = (Envelope($"full-{command.KindName()}", command), datastore.Calls.Count);
            volume.TakeAllFromRoot();
            var refused = await agent.AskAsync(envelope);
            Assert.Equal((Outcome.Failed, FaultKind.Transient), (refused.Outcome, refused.Fault!.Kind));
            Assert.Equal(calls, datastore.Calls.Count);

            volume.MakeRoom();
            Assert.Equal(Outcome.Succeeded, (await agent.AskAsync(envelope)).Outcome);
        }
    }

    [Theory]
    [InlineData(nameof(StartServer))]
    [InlineData(nameof(StopServer))]
    [InlineData(nameof(RestartServer))]
    [InlineData(nameof(PrepareServer))]
    [InlineData(nameof(CreateUsers))]
    [InlineData(nameof(DeleteUser))]
    public async Task A_command_whose_agent_is_killed_at_any_write_of_its_record_ends_as_one_that_was_not(string name)
    {
        var command = Commands.Single(one => one.GetType().Name == name);
        var whole = await Agent().AskAsync(Envelope("whole", command));

        // Killed before its first record, before its answer was written, and after that: the next agent gets it again.
        foreach (var (cut, write) in new (string, Action<CommandJournal, CommandEnvelope>)[]
        {
            ("before", (_, _) => { }),
            ("begun", (journal, envelope) => journal.Begin(envelope)),
            ("half", (journal, envelope) => File.WriteAllText(JournalFile(envelope.Id) + ".new", "{\"half")),
            ("begun-half", (journal, envelope) =>
            {
                journal.Begin(envelope);
                File.WriteAllText(JournalFile(envelope.Id) + ".new", "{\"half");
            }),
        })
        {
            var envelope = Envelope(cut, command);
            write(new CommandJournal(folder.Below("journal"), TimeProvider.System, _ => { }), envelope);
            var calls = datastore.Calls.Count;

            var reply = await Agent().AskAsync(envelope);
            Assert.Equal((whole.Outcome, whole.Fault), (reply.Outcome, reply.Fault));
            Assert.NotEqual(calls, datastore.Calls.Count);

            // And once it is answered, it is not done again.
            calls = datastore.Calls.Count;
            Assert.Equal(reply, await Agent().AskAsync(envelope));
            Assert.Equal(calls, datastore.Calls.Count);
        }
    }

    [Fact]
    public async Task A_clock_that_is_set_makes_no_answered_command_forgotten()
    {
        var clock = new SetClock();
        var journal = new CommandJournal(folder.Below("journal"), clock, _ => { });
        await Agent().AskAsync(Envelope("c1", new StartServer()));

        clock.Shift(TimeSpan.FromDays(400));
        journal.Prune();
        clock.Shift(TimeSpan.FromDays(-800));
        journal.Prune();

        await Agent().AskAsync(Envelope("c1", new StartServer()));
        Assert.Equal(["start"], datastore.Calls);
    }

    [Fact]
    public async Task Prepare_makes_starts_and_fills_the_server_but_only_makes_it_for_a_slave()
    {
        var agent = Agent();
        var prepare = new PrepareServer { DatastoreVersion = "1", ServerId = 1, Databases = [new DatabaseSpec("shop")] };

        await agent.AskAsync(Envelope("c1", prepare));
        await agent.AskAsync(Envelope("c2", prepare with { ForSlave = true }));

        Assert.Equal(["initialize", "start", "ensure", "initialize"], datastore.Calls);
    }

    [Fact]
    public async Task The_journal_is_readable_by_the_agent_alone_and_holds_no_command_bodies()
    {
        await Agent().AskAsync(Envelope("c1", new EnableRoot("s3cret")));

        var file = Assert.Single(Directory.GetFiles(folder.Below("journal")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_of_an_older_protocol_does_not_know_what_came_later()
    {
        var newer = GuestCommand.Kinds.Keys.Where(kind => GuestCommand.SinceVersion(kind) > 1).ToArray();
        Assert.Equal(
            [
                "apply_configuration", "archive_log", "cancel_job", "compare_position", "create_backup", "enable_log", "get_diagnostics",
                "get_hwinfo", "get_position", "list_logs", "load_replication_snapshot", "offer_following", "ping",
                "promote_replication_slave", "read_log", "restore_backup", "restore_moment", "resume_receiving", "stop_receiving",
                "stop_writes", "upgrade_agent", "verify_data", "wait_for_position",
            ],
            newer.Order(StringComparer.Ordinal));
        Assert.Equal(Outcome.Succeeded, (await Agent().AskAsync(Envelope("now", new Ping(), fence: null))).Outcome);

        var reply = await Agent(speaks: new ProtocolRange(1, 1)).AskAsync(Envelope("then", new Ping(), fence: null));

        Assert.Equal(Outcome.Unsupported, reply.Outcome);
        Assert.Contains("bring the agent up to date", new Ping().WhyNotBy(1), StringComparison.Ordinal);
        Assert.Null(new Ping().WhyNotBy(2));
        Assert.Null(new StartServer().WhyNotBy(1));
    }

    private static GuestCommand[] Commands =>
    [
        new StartServer(), new StopServer(), new RestartServer(), new PrepareServer { DatastoreVersion = "1", ServerId = 1 },
        new CreateUsers([new UserSpec("app", "secret")]), new DeleteUser("app", "%"),
    ];

    private string JournalFile(string id) =>
        Path.Combine(folder.Below("journal"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + ".json");

    private DispatcherHarness Agent(Datastore? with = null, ProtocolRange? speaks = null) =>
        new(folder.Path, with ?? datastore.WithAccounts(), Stop(), speaks);

    private CancellationTokenSource Stop()
    {
        var stop = new CancellationTokenSource();
        stops.Add(stop);
        return stop;
    }

    /// <summary>The call goes on until it is cancelled.</summary>
    /// <returns>Completes when it has begun.</returns>
    private Task Block(string call)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        datastore.During[call] = async token =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        return begun.Task.WaitAsync(Soon, TimeProvider.System);
    }
}
