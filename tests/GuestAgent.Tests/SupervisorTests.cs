using System.Diagnostics;
using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

public sealed class SupervisorTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly ProcessSpec Server = new("sleep", ["3600"]);
    private static readonly ProcessSpec Deaf = new(
        "python3", ["-c", "import signal,time;signal.signal(15,signal.SIG_IGN);print('deaf',flush=True);time.sleep(3600)"]);

    private readonly TempFolder folder = new();
    private readonly RecordedEvents events = new();
    private readonly SetClock clock = new();
    private readonly List<(CancellationTokenSource Stop, Task Watch)> agents = [];

    private CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var (stop, watch) in agents)
        {
            await stop.CancelAsync();

            // Two agents never write the same record: a look that has begun is over before the last one stops the server.
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using var last = Supervisor(out _);
        await last.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        folder.Dispose();
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_is_started_again_and_the_history_says_how_it_ended()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Server, Cancel);
        var first = Process();

        Signals.Send(first, Signals.Kill);

        await Eventually.HoldsAsync("another process", Soon, () => supervisor.State == SupervisedState.Running && Process() != first);
        await Eventually.HoldsAsync("two events", Soon, () => events.All.Count == 2);
        Assert.Equal(["database-crashed", "database-restarted"], events.Kinds);
        Assert.Contains("signal 9", events.All[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_keeps_ending_is_started_more_and_more_slowly()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(new ProcessSpec("false", []), Cancel);

        await Eventually.HoldsAsync("three ends", Soon, () => events.Kinds.Count(kind => kind == "database-crashed") == 3);

        Assert.Equal(SupervisedState.Crashed, supervisor.State);
        Assert.Contains("exit code 1", events.All[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_agent_takes_the_running_server_over_and_sees_its_end()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
        }

        var process = Process();
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.Equal((SupervisedState.Running, process), (next.State, Process()));
        Assert.Empty(events.All);

        Signals.Send(process, Signals.Kill);
        await Eventually.HoldsAsync("another process", Soon, () => next.State == SupervisedState.Running && Process() != process);
    }

    [Fact]
    public async Task A_server_whose_pid_was_not_written_any_more_is_found_and_not_started_twice()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
        }

        var record = Saved();
        PrivateFile.WriteJson(folder.Below("server.json"), record with { Process = null }, ServerContext.Default.ServerRecord);
        using var next = Supervisor(out _);
        await next.EnsureStartedAsync(Server, Cancel);

        Assert.Equal(record.Process, Process());
    }

    [Fact]
    public async Task A_server_that_ended_while_no_agent_was_there_is_started_again()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
        }

        var process = Process();
        Signals.Send(process, Signals.Kill);
        await Eventually.HoldsAsync("its end", Soon, () => !ProcessTable.IsAlive(process));
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.Equal(SupervisedState.Running, next.State);
        Assert.Equal(["database-crashed", "database-restarted"], events.Kinds);
    }

    [Fact]
    public async Task A_stopped_server_stays_stopped_also_for_the_next_agent()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Server, Cancel);
        var process = Process();
        await supervisor.StopAsync(TimeSpan.FromSeconds(10), Cancel);
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.False(ProcessTable.IsAlive(process));
        Assert.Equal((SupervisedState.Stopped, SupervisedState.Stopped), (supervisor.State, next.State));
        Assert.Empty(events.All);
    }

    [Fact]
    public async Task A_server_that_does_not_heed_the_signal_is_killed_when_patience_is_over()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Deaf, Cancel);
        var process = Process();
        await IsDeafAsync();

        var watch = Stopwatch.StartNew();
        await supervisor.StopAsync(TimeSpan.FromSeconds(1), Cancel);

        Assert.False(ProcessTable.IsAlive(process));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), Soon);
    }

    [Fact]
    public async Task Before_the_server_is_told_to_stop_somebody_else_is_told()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Deaf, Cancel);
        Assert.Equal(0, stops);

        await supervisor.StopForRestartAsync(TimeSpan.Zero, _ => { }, Cancel);
        Assert.Equal(1, stops);
        await supervisor.StopAsync(TimeSpan.Zero, Cancel);
    }

    [Fact]
    public async Task A_restart_that_is_cut_off_while_the_server_does_not_heed_leaves_a_server_running()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Deaf, Cancel);
        var process = Process();
        await IsDeafAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => supervisor.StopForRestartAsync(TimeSpan.FromSeconds(2), _ => { }, deadline.Token));

        Assert.True(Saved().ShouldRun);
        await Eventually.HoldsAsync(
            "another process", Soon, () => supervisor.State == SupervisedState.Running && Saved().Process is { } now && now != process);
        Assert.False(ProcessTable.IsAlive(process));
        Assert.Null(Saved().KillAtTick);
        Assert.DoesNotContain("database-crashed", events.Kinds);
    }

    [Fact]
    public async Task A_restart_that_the_agent_is_killed_in_is_ended_by_the_next_agent()
    {
        ProcessId process;
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Deaf, Cancel);
            process = Process();
            await IsDeafAsync();
            using var killed = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await agent.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => first.StopForRestartAsync(TimeSpan.FromSeconds(2), _ => { }, killed.Token));
        }

        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);
        await next.EnsureStartedAsync(Server, Cancel);

        Assert.False(ProcessTable.IsAlive(process));
        Assert.True(ProcessTable.IsAlive(Process()));
        Assert.DoesNotContain("database-crashed", events.Kinds);
    }

    [Fact]
    public async Task A_server_that_was_stopped_for_a_restart_is_started_by_the_next_agent()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
            await first.StopForRestartAsync(TimeSpan.FromSeconds(10), _ => { }, Cancel);
        }

        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.Equal(SupervisedState.Running, next.State);
        Assert.Equal(["database-restarted"], events.Kinds);
    }

    [Fact]
    public async Task A_stop_says_whether_it_was_in_good_order()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(
            new ProcessSpec("sh", ["-c", "trap 'exit 0' TERM; echo deaf; while :; do sleep 0.1; done"]), Cancel);
        await IsDeafAsync();
        Assert.True(await StopsInOrderAsync(supervisor));
        Assert.True(await StopsInOrderAsync(supervisor));

        await supervisor.EnsureStartedAsync(Server, Cancel);
        Assert.False(await StopsInOrderAsync(supervisor));
        Assert.False(await StopsInOrderAsync(supervisor));
    }

    [Theory]
    [InlineData("trap 'rm {0}; exit 0' TERM", true)]
    [InlineData("trap 'exit 0' TERM", false)]
    public async Task An_end_of_a_server_that_was_taken_over_is_in_good_order_only_when_it_proves_it(string trap, bool expected)
    {
        var mark = folder.Below("pid");
        var server = new ProcessSpec(
            "sh",
            ["-c", string.Format(CultureInfo.InvariantCulture, trap, mark) + $"; touch {mark}; echo deaf; while :; do sleep 0.1; done"])
        {
            RemovedAtEnd = mark,
        };
        await StartAsNobodysChildAsync(server);
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.Equal(expected, await StopsInOrderAsync(next));
    }

    [Fact]
    public async Task An_end_of_a_server_that_was_taken_over_is_not_proved_by_a_file_that_was_not_there_before()
    {
        await StartAsNobodysChildAsync(
            new ProcessSpec("sh", ["-c", "trap 'exit 0' TERM; echo deaf; while :; do sleep 0.1; done"])
            {
                RemovedAtEnd = folder.Below("never"),
            });
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);

        Assert.False(await StopsInOrderAsync(next));
    }

    [Fact]
    public async Task A_server_that_had_to_be_killed_or_ended_by_itself_did_not_end_in_good_order()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Deaf, Cancel);
        await IsDeafAsync();
        Assert.False(await StopsInOrderAsync(supervisor, TimeSpan.FromMilliseconds(100)));

        await supervisor.EnsureStartedAsync(new ProcessSpec("false", []), Cancel);
        await Eventually.HoldsAsync("three ends", Soon, () => events.Kinds.Count(kind => kind == "database-crashed") == 3);
        Assert.False(await StopsInOrderAsync(supervisor));
    }

    [Fact]
    public async Task A_server_that_was_killed_while_no_agent_was_there_did_not_end_in_good_order_although_nobody_saw_it()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
        }

        Signals.Send(Process(), Signals.Kill);
        using var next = Supervisor(out _);

        Assert.False(await StopsInOrderAsync(next));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_whose_start_never_comes_is_ended_by_the_watch(bool fails)
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(Server, Cancel);
        var process = Process();

        Action<bool> whileDown = _ =>
        {
            if (fails)
            {
                throw new IOException("No space left on device");
            }
        };
        var fault = await Record.ExceptionAsync(() => supervisor.StopForRestartAsync(
            TimeSpan.FromSeconds(20), whileDown, Cancel));

        Assert.Equal(fails, fault is IOException);
        Assert.Equal(SupervisedState.Crashed, supervisor.State);
        await Eventually.HoldsAsync(
            "a server", Soon, () => supervisor.State == SupervisedState.Running && Saved().Process is { } now && now != process);
    }

    [Fact]
    public async Task A_pid_that_cannot_be_written_does_not_bring_a_second_server()
    {
        var obstacle = folder.Below("server.json.new");
        var isFull = true;
        using var supervisor = Supervisor(
            out _, settle: _ => Directory.CreateDirectory(isFull ? Path.Combine(obstacle, "full") : folder.Path));

        await supervisor.EnsureStartedAsync(Server, Cancel);
        var only = Assert.Single(Servers());
        Signals.Send(only, Signals.Kill);
        await Eventually.HoldsAsync("its end to be seen", Soon, () => supervisor.State == SupervisedState.Crashed || events.All.Count > 0);
        isFull = false;
        Directory.Delete(obstacle, recursive: true);

        await Eventually.HoldsAsync("one server, written down", Soon, () => Servers() is [var now] && Saved().Process == now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_whose_start_failed_after_its_process_was_there_is_found_and_not_started_twice(bool isStoppedNext)
    {
        var fails = true;
        using var supervisor = Supervisor(out _, settle: _ =>
        {
            if (fails)
            {
                throw new IOException("No such cgroup");
            }
        });
        await Assert.ThrowsAsync<IOException>(() => supervisor.EnsureStartedAsync(Server, Cancel));
        var only = Assert.Single(Servers());
        fails = false;
        if (isStoppedNext)
        {
            await supervisor.StopAsync(TimeSpan.FromSeconds(10), Cancel);
            Assert.Empty(Servers());
            return;
        }

        await Eventually.HoldsAsync("the watch to have it", Soon, () => supervisor.State == SupervisedState.Running);
        await supervisor.EnsureStartedAsync(Server, Cancel);

        Assert.Equal([only], Servers());
        Assert.Equal((SupervisedState.Running, only), (supervisor.State, Process()));
    }

    [Fact]
    public async Task A_server_whose_record_is_damaged_is_found_and_not_started_twice()
    {
        using (var first = Supervisor(out var agent))
        {
            await first.EnsureStartedAsync(Server, Cancel);
            await agent.CancelAsync();
        }

        var process = Process();
        await File.WriteAllTextAsync(folder.Below("server.json"), "{", Cancel);
        using var next = Supervisor(out _);
        await next.ResumeAsync(Cancel);
        Assert.Equal(SupervisedState.Running, next.State);
        await next.EnsureStartedAsync(Server, Cancel);

        Assert.Equal([process], Servers());
        Assert.Equal(process, Process());
    }

    [Fact]
    public async Task A_clock_that_is_set_does_not_change_when_a_server_that_ended_is_started_again()
    {
        using var supervisor = Supervisor(out _);
        await supervisor.EnsureStartedAsync(new ProcessSpec("false", []), Cancel);
        await Eventually.HoldsAsync("two ends", Soon, () => events.Kinds.Count(kind => kind == "database-crashed") == 2);
        clock.Shift(TimeSpan.FromHours(-1));

        await Eventually.HoldsAsync("the third", Soon, () => events.Kinds.Count(kind => kind == "database-crashed") == 3);
    }

    [Fact]
    public async Task What_a_server_says_at_its_last_start_is_known()
    {
        using var supervisor = Supervisor(out _);
        Assert.Equal("", supervisor.LastWords);
        await supervisor.EnsureStartedAsync(new ProcessSpec("sh", ["-c", "echo first; exec sleep 3600"]), Cancel);
        await Eventually.HoldsAsync("its words", Soon, () => supervisor.LastWords == "first\n");
        await supervisor.StopAsync(TimeSpan.FromSeconds(10), Cancel);

        await supervisor.EnsureStartedAsync(new ProcessSpec("sh", ["-c", "echo second >&2; exec sleep 3600"]), Cancel);

        await Eventually.HoldsAsync("its words", Soon, () => supervisor.LastWords == "second\n");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_fault_that_names_it()
    {
        using var supervisor = Supervisor(out _);

        var fault = await Assert.ThrowsAsync<DatastoreException>(() =>
            supervisor.EnsureStartedAsync(new ProcessSpec("no-such-server", []), Cancel));

        Assert.Contains("no-such-server", fault.Message, StringComparison.Ordinal);
        Assert.Equal(SupervisedState.Crashed, supervisor.State);
    }

    [Fact]
    public async Task The_server_runs_under_its_own_user_in_its_own_session()
    {
        Assert.True(Environment.IsPrivilegedProcess, "Only root can change the user: run the tests as root.");
        using var supervisor = Supervisor(out _);

        await supervisor.EnsureStartedAsync(Server with { UserId = 64123 }, Cancel);

        var pid = Process().Pid;
        await Eventually.HoldsAsync("the change of user", Soon, async () =>
            (await File.ReadAllTextAsync($"/proc/{pid}/status", Cancel)).Contains("Uid:\t64123\t64123", StringComparison.Ordinal));
        Assert.Equal($"{pid}", (await File.ReadAllTextAsync($"/proc/{pid}/stat", Cancel)).Split(") ")[1].Split(' ')[3]);

        // Whoever takes it over is that user, and has no way to be another.
        var status = await File.ReadAllLinesAsync($"/proc/{pid}/status", Cancel);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.All(
            new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }, set => Assert.Contains($"{set}:\t0000000000000000", status));
    }

    private async Task<bool> StopsInOrderAsync(ServerSupervisor supervisor, TimeSpan? patience = null)
    {
        bool? inOrder = null;
        await supervisor.StopForRestartAsync(patience ?? TimeSpan.FromSeconds(20), how => inOrder = how, Cancel);
        return inOrder!.Value;
    }

    /// <summary>As the server of an agent that is gone: this process is not told how it ends.</summary>
    private async Task StartAsNobodysChildAsync(ProcessSpec server)
    {
        var text = string.Join(' ', server.Arguments.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        DetachedStart.Start(
            ["/bin/sh", "-c", $"{server.Program} {text} >> {folder.Below("server.log")} & echo $! > {folder.Below("child")}"],
            null,
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            folder.Below("other.log"));
        await IsDeafAsync();
        var process = ProcessTable.Find(
            int.Parse(await File.ReadAllTextAsync(folder.Below("child"), Cancel), CultureInfo.InvariantCulture));
        PrivateFile.WriteJson(
            folder.Below("server.json"), new ServerRecord(ShouldRun: true, server, "key", process), ServerContext.Default.ServerRecord);
    }

    private IReadOnlyList<ProcessId> Servers() => ProcessTable.FindByEnvironment("DBAAS_SERVER_OF", folder.Path);

    private Task IsDeafAsync() => Eventually.HoldsAsync(
        "the program to have set its signals",
        Soon,
        async () => (await File.ReadAllTextAsync(folder.Below("server.log"), Cancel)).Contains("deaf", StringComparison.Ordinal));

    private ServerRecord Saved() => PrivateFile.ReadJson(folder.Below("server.json"), ServerContext.Default.ServerRecord)!;

    private int stops;

    private ProcessId Process() => Saved().Process!;

    /// <summary>Watched until <paramref name="agent"/> is cancelled, as a killed agent would.</summary>
    private ServerSupervisor Supervisor(out CancellationTokenSource agent, Action<int>? settle = null)
    {
        var stop = new CancellationTokenSource();
        agent = stop;
        var supervisor = new ServerSupervisor(
            folder.Path, folder.Path, settle ?? (_ => { }), clock, () => Guid.CreateVersion7().ToString(), events, () => { },
            () => stops++, _ => { });
        agents.Add((stop, supervisor.WatchAsync(stop.Token)));
        return supervisor;
    }
}
