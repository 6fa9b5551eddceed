using System.ComponentModel;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Keeps the database server running. Everything it decides by is on disk before it acts, so that an agent killed anywhere finds
/// the server again: it never starts a second one beside it.
/// </summary>
internal sealed class ServerSupervisor(
    string folder, Action<int> settle, TimeProvider time, Func<string> newId, IGuestEvents events, Action<string> log)
    : IServerSupervisor, IDisposable
{
    private const string StartKeyVariable = "DBAAS_SERVER_START";
    private const long LogLimit = 16 * 1024 * 1024;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookEveryWhileStopping = TimeSpan.FromMilliseconds(50);

    private readonly string recordPath = Path.Combine(folder, "server.json");
    private readonly string logPath = Path.Combine(folder, "server.log");
    private readonly RestartPace pace = new(time);
    private readonly SemaphoreSlim gate = new(1);

    private ServerRecord? record;
    private DateTimeOffset restartAt;
    private volatile SupervisedState state = SupervisedState.Unknown;

    public SupervisedState State => state;

    public async Task EnsureStartedAsync(ProcessSpec server, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (record is { Process: { } ending, KillAt: not null })
        {
            // A stop that was cut off: what was told to end is of no use to anybody.
            await EndAsync(ending, cancellationToken);
        }

        if (record?.Process is { } process && ProcessTable.IsAlive(process))
        {
            Keep(record with { ShouldRun = true, Server = server });
            return;
        }

        FreeEndedChild();
        pace.Reset();
        Start(server);
    }

    public Task StopAsync(TimeSpan patience, CancellationToken cancellationToken) => StopAsync(patience, runsOn: false, cancellationToken);

    public Task<bool> StopForRestartAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        StopAsync(patience, runsOn: true, cancellationToken);

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (record is not { ShouldRun: true } || state == SupervisedState.Running)
        {
            return;
        }

        var machineRestarted = record.Process is { } last && last.BootId != ProcessTable.BootId;
        if (!machineRestarted && record is { Process: not null, KillAt: null })
        {
            events.Add("database-crashed", "The database server ended while its agent was away.");
        }

        Start(record.Server);
        events.Add("database-restarted", machineRestarted
            ? "The database server was started after a restart of the machine."
            : "The database server was started again.");
    }

    /// <summary>Sees the server's end and starts it again, until cancelled. The server is left running then.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(LookEvery, time, cancellationToken);
            using var turn = await EnterAsync(cancellationToken);
            try
            {
                Look();
            }
            catch (Exception e)
            {
                // For example a full disk: the server needs its watch all the more.
                log($"The database server's watch failed: {e.Message}");
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private void Look()
    {
        if (record?.Process is { } process && state == SupervisedState.Running)
        {
            if (!ProcessTable.IsAlive(process))
            {
                NoteEnd(ChildEnd.Collect(process.Pid));
            }
            else if (record.KillAt <= time.GetUtcNow())
            {
                // The stop that wanted it was cut off.
                Signals.Send(process, Signals.Kill);
            }
        }
        else if (state == SupervisedState.Crashed && time.GetUtcNow() >= restartAt)
        {
            StartAgain();
        }
    }

    private void NoteEnd(string? how)
    {
        var wasToldTo = record!.KillAt is not null;
        Keep(record with { Process = null, StartKey = null, KillAt = null });
        if (wasToldTo || !record.ShouldRun)
        {
            // A stop that was cut off after its signal.
            state = record.ShouldRun ? SupervisedState.Crashed : SupervisedState.Stopped;
            restartAt = time.GetUtcNow();
            return;
        }

        var delay = pace.NextDelay();
        restartAt = time.GetUtcNow() + delay;
        state = SupervisedState.Crashed;
        log($"The database server ended by itself ({how ?? "how is not known"}); it is started again in {delay.TotalSeconds:0} s.");
        if (pace.WorthTelling)
        {
            events.Add("database-crashed", $"The database server ended by itself ({how ?? "how is not known"}).");
        }
    }

    private void StartAgain()
    {
        Start(record!.Server);
        if (pace.WorthTelling)
        {
            events.Add("database-restarted", "The database server was started again.");
        }
    }

    private void FreeEndedChild()
    {
        if (record?.Process is { } process)
        {
            ChildEnd.Collect(process.Pid);
        }
    }

    /// <summary>Reads what an earlier agent left, once, and finds its process.</summary>
    private void TakeOver()
    {
        if (state != SupervisedState.Unknown)
        {
            return;
        }

        record = PrivateFile.ReadJson<ServerRecord>(recordPath);
        if (record is { Process: null, StartKey: { } key })
        {
            // Killed between the start and the writing of the pid.
            Keep(record with { Process = ProcessTable.FindByEnvironment(StartKeyVariable, key) is [var found, ..] ? found : null });
        }

        if (record?.Process is { } process && ProcessTable.IsAlive(process))
        {
            log($"Took over the database server, process {process.Pid}.");
            settle(process.Pid);
            state = SupervisedState.Running;
        }
        else
        {
            state = record?.ShouldRun == true ? SupervisedState.Crashed : SupervisedState.Stopped;
            restartAt = time.GetUtcNow();
        }
    }

    private void Start(ProcessSpec server)
    {
        var key = newId();
        Keep(new ServerRecord(ShouldRun: true, server, key, Process: null));
        LimitLog();
        try
        {
            var pid = DetachedStart.Start(
                CommandLines.For(server), server.WorkingDirectory, CommandLines.Environment(StartKeyVariable, key), logPath);

            settle(pid);

            // A child keeps its /proc entry until Collect, so it is found even when it has ended already; as a zombie it has no identity.
            Keep(record! with { Process = ProcessTable.Find(pid) ?? new ProcessId(pid, 0, ProcessTable.BootId) });
        }
        catch (Exception e) when (e is Win32Exception or DatastoreException)
        {
            restartAt = time.GetUtcNow() + pace.NextDelay();
            state = SupervisedState.Crashed;
            throw new DatastoreException(FaultKind.Permanent, $"The database server cannot be started: {e.Message}", e);
        }

        pace.Started();
        state = SupervisedState.Running;
    }

    private void LimitLog()
    {
        if (new FileInfo(logPath) is { Exists: true, Length: > LogLimit })
        {
            File.Move(logPath, logPath + ".1", overwrite: true);
        }
    }

    private void Keep(ServerRecord value)
    {
        if (value != record)
        {
            PrivateFile.WriteJson(recordPath, value);
            record = value;
        }
    }

    private async Task<bool> StopAsync(TimeSpan patience, bool runsOn, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (record is null)
        {
            state = SupervisedState.Stopped;
            return true;
        }

        var inOrder = state == SupervisedState.Stopped;
        if (record.Process is { } process)
        {
            // Before the signal: an end that was asked for is no crash, even when the agent is killed in between.
            var killAt = time.GetUtcNow() + patience;
            Keep(record with { ShouldRun = runsOn, KillAt = record.KillAt < killAt ? record.KillAt : killAt });
            inOrder = ProcessTable.IsAlive(process);
            Signals.Send(process, Signals.Terminate);
            inOrder &= await EndAsync(process, cancellationToken);
        }

        Keep(record with { ShouldRun = runsOn, Process = null, StartKey = null, KillAt = null });
        state = SupervisedState.Stopped;
        return inOrder;
    }

    /// <summary>Waits for the end of a process that was told to, until it is to be killed.</summary>
    /// <returns>True: it ended in good order.</returns>
    private async Task<bool> EndAsync(ProcessId process, CancellationToken cancellationToken)
    {
        var killed = false;
        while (ProcessTable.IsAlive(process))
        {
            if (!killed && record!.KillAt <= time.GetUtcNow())
            {
                log("The database server did not stop in time; it is killed.");
                Signals.Send(process, Signals.Kill);
                killed = true;
            }

            await Task.Delay(LookEveryWhileStopping, time, cancellationToken);
        }

        // How it ended is not known of a process that an earlier agent had started.
        return ChildEnd.Collect(process.Pid) is null or "exit code 0" && !killed;
    }

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private readonly struct Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
