using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Events;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Keeps the database server running. Everything it decides by is on disk before it acts, so that an agent killed anywhere finds
/// the server again: it never starts a second one beside it.
/// </summary>
internal sealed class ServerSupervisor : IServerSupervisor, IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEveryWhileStopping = TimeSpan.FromMilliseconds(20);

    // Whoever stopped a server for a restart starts it within this; after that the watch does.
    private static readonly TimeSpan RestartGrace = TimeSpan.FromSeconds(5);

    private readonly ServerFinder finder;
    private readonly ServerStart start;
    private readonly ServerRecords records;
    private readonly Action<int> settle;
    private readonly TimeProvider time;
    private readonly Func<string> newId;
    private readonly IGuestEvents events;
    private readonly Action changed;
    private readonly Action stops;
    private readonly Action<string> log;
    private readonly RestartPace pace;
    private readonly SemaphoreSlim gate = new(1);

    // Never disposed: the end of a process may be told at any time.
    private readonly SemaphoreSlim stir = new(0);

    private ProcessId? watched;
    private long restartAt;
    private volatile SupervisedState state = SupervisedState.Unknown;

    /// <param name="folder">The agent's own.</param>
    /// <param name="mark">Tells this agent from others on the machine.</param>
    /// <param name="settle">Puts the server's process where it belongs.</param>
    /// <param name="time">The time.</param>
    /// <param name="newId">Makes ids.</param>
    /// <param name="events">For the history.</param>
    /// <param name="changed">Called when the state is another.</param>
    /// <param name="stops">Called before the server is told to stop.</param>
    /// <param name="log">For the operator.</param>
    public ServerSupervisor(
        string folder, string mark, Action<int> settle, TimeProvider time, Func<string> newId, IGuestEvents events,
        Action changed, Action stops, Action<string> log)
    {
        finder = new ServerFinder(mark);
        start = new ServerStart(finder, Path.Combine(folder, "server.log"));
        records = new ServerRecords(Path.Combine(folder, "server.json"), finder, log);
        pace = new RestartPace(time);
        (this.settle, this.time, this.newId, this.events, this.changed, this.log) = (settle, time, newId, events, changed, log);
        this.stops = stops;
    }

    private ServerRecord? Record => records.Now;

    public int EndsInARow => pace.Failures;

    public string LastWords => start.LastWords;

    public SupervisedState State
    {
        get => state;
        private set
        {
            var before = state;
            state = value;
            if (before != value)
            {
                changed();
            }
        }
    }

    public async Task EnsureStartedAsync(ProcessSpec server, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (Record is { Process: { } ending, KillAtTick: not null })
        {
            // A stop that was cut off: what was told to end is of no use to anybody.
            await EndAsync(ending, cancellationToken);
        }

        if (Record?.Process is { } process && ProcessTable.IsAlive(process))
        {
            records.Keep(Record with { ShouldRun = true, Server = server });
            return;
        }

        FreeEndedChild();
        pace.Reset();
        Start(server);
    }

    public Task StopAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        StopAsync(patience, runsOn: false, _ => { }, cancellationToken);

    public Task StopForRestartAsync(TimeSpan patience, Action<bool> whileDown, CancellationToken cancellationToken) =>
        StopAsync(patience, runsOn: true, whileDown, cancellationToken);

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (Record is not { ShouldRun: true, Server: { } server } || state == SupervisedState.Running)
        {
            return;
        }

        var machineRestarted = Record.Process is { } last && last.BootId != ProcessTable.BootId;
        if (!machineRestarted && Record is { Process: not null, KillAtTick: null })
        {
            events.Add("database-crashed", "The database server ended while its agent was away.");
        }

        Start(server);
        events.Add("database-restarted", machineRestarted
            ? "The database server was started after a restart of the machine."
            : "The database server was started again.");
    }

    /// <summary>Sees the server's end and starts it again, until cancelled. The server is left running then.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var wait = Timeout.InfiniteTimeSpan;
        while (true)
        {
            await stir.WaitAsync(wait, cancellationToken);
            await gate.WaitAsync(cancellationToken);
            try
            {
                Look();
                wait = UntilNextLook();
            }
            catch (Exception e)
            {
                // For example a full disk: the server needs its watch all the more.
                log($"The database server's watch failed: {e.Message}");
                wait = LookAgain;
            }
            finally
            {
                gate.Release();
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private void Look()
    {
        if (Record?.Process is { } process && state == SupervisedState.Running)
        {
            if (!ProcessTable.IsAlive(process))
            {
                NoteEnd(ChildEnd.Collect(process.Pid));
            }
            else if (Record.KillAtTick <= time.GetTimestamp())
            {
                // The stop that wanted it was cut off.
                Signals.Send(process, Signals.Kill);
            }
            else if (watched != process)
            {
                watched = ProcessEnd.TryWatch(process, Stir) ? process : null;
            }
        }
        else if (state == SupervisedState.Crashed && time.GetTimestamp() >= restartAt && Record?.Server is { } server)
        {
            StartAgain(server);
        }

        if (Record is { } unsaved)
        {
            records.Keep(unsaved);
        }
    }

    /// <summary>Something comes by itself only at a time that was chosen; all else is told.</summary>
    private TimeSpan UntilNextLook() => state switch
    {
        _ when !records.IsSaved => LookAgain,
        SupervisedState.Running when Record?.KillAtTick is { } kill => Ticks.Until(time, kill) is { Ticks: > 0 } left ? left : LookAgain,
        SupervisedState.Running when watched is null || watched != Record?.Process => LookAgain,
        SupervisedState.Crashed when Record?.Server is not null => Ticks.Until(time, restartAt),
        _ => Timeout.InfiniteTimeSpan,
    };

    private void NoteEnd(string? how)
    {
        var wasToldTo = Record!.KillAtTick is not null;
        records.KeepWhenPossible(Record with { Process = null, StartKey = null, KillAtTick = null, EndedInOrder = false });
        if (wasToldTo || !Record.ShouldRun)
        {
            // A stop that was cut off after its signal.
            restartAt = time.GetTimestamp();
            State = Record.ShouldRun ? SupervisedState.Crashed : SupervisedState.Stopped;
            return;
        }

        var delay = pace.NextDelay();
        restartAt = Ticks.In(time, delay);
        State = SupervisedState.Crashed;
        log($"The database server ended by itself ({how ?? "how is not known"}); it is started again in {delay.TotalSeconds:0} s.");
        if (pace.WorthTelling)
        {
            events.Add("database-crashed", $"The database server ended by itself ({how ?? "how is not known"}).");
        }
    }

    private void StartAgain(ProcessSpec server)
    {
        Start(server);
        if (pace.WorthTelling)
        {
            events.Add("database-restarted", "The database server was started again.");
        }
    }

    private void FreeEndedChild()
    {
        if (Record?.Process is { } process)
        {
            ChildEnd.Collect(process.Pid);
        }
    }

    /// <summary>Once.</summary>
    private void TakeOver()
    {
        if (state != SupervisedState.Unknown)
        {
            return;
        }

        records.Load();
        if (Record?.Process is { } process && ProcessTable.IsAlive(process))
        {
            log($"Took over the database server, process {process.Pid}.");
            settle(process.Pid);
            State = SupervisedState.Running;
        }
        else
        {
            restartAt = time.GetTimestamp();
            State = Record?.ShouldRun == true ? SupervisedState.Crashed : SupervisedState.Stopped;
        }
    }

    /// <summary>It may run although its pid was not written down.</summary>
    private ProcessId? FindBegun() => Record is { Process: null, StartKey: { } begun } ? finder.Find(begun) : null;

    private void Start(ProcessSpec server)
    {
        var process = FindBegun();
        if (process is null)
        {
            var key = newId();
            records.Keep(new ServerRecord(ShouldRun: true, server, key, Process: null));
            process = OrAgainLater(() => start.Run(server, key));
        }

        OrAgainLater(() =>
        {
            settle(process.Pid);
            return process;
        });
        records.KeepWhenPossible(new ServerRecord(ShouldRun: true, server, Record?.StartKey, process));
        pace.Started();
        State = SupervisedState.Running;
    }

    /// <summary>A start that fails is tried again by the watch, if by nobody else; a process that is there already is found.</summary>
    private ProcessId OrAgainLater(Func<ProcessId> begin)
    {
        try
        {
            return begin();
        }
        catch
        {
            restartAt = Ticks.In(time, pace.NextDelay());
            State = SupervisedState.Crashed;
            throw;
        }
    }

    private async Task StopAsync(TimeSpan patience, bool runsOn, Action<bool> whileDown, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        TakeOver();
        if (Record is null)
        {
            State = SupervisedState.Stopped;
            whileDown(true);
            return;
        }

        var inOrder = Record.EndedInOrder;
        if ((Record.Process ?? FindBegun()) is { } process)
        {
            stops();

            // Before the signal: an end that was asked for is no crash, even when the agent is killed in between.
            var killAt = Ticks.In(time, patience);
            records.Keep(Record with
            {
                ShouldRun = runsOn, Process = process, KillAtTick = Record.KillAtTick < killAt ? Record.KillAtTick : killAt,
            });
            var runs = ProcessTable.IsAlive(process);
            var proof = EndProof.Before(Record.Server);
            Signals.Send(process, Signals.Terminate);
            inOrder = await EndAsync(process, cancellationToken) is { } known ? runs && known : runs && proof.HasCome;
        }

        records.Keep(Record with { ShouldRun = runsOn, Process = null, StartKey = null, KillAtTick = null, EndedInOrder = inOrder });
        try
        {
            whileDown(inOrder);
        }
        finally
        {
            // Whatever happens to who wanted it: what is to run on is started by the watch, if by nobody else.
            restartAt = Ticks.In(time, RestartGrace);
            State = runsOn ? SupervisedState.Crashed : SupervisedState.Stopped;
        }
    }

    /// <summary>Waits for the end of a process that was told to, until it is to be killed.</summary>
    /// <returns>Whether it ended in good order; null: that is not known, for it is the child of an earlier agent.</returns>
    private async Task<bool?> EndAsync(ProcessId process, CancellationToken cancellationToken)
    {
        var killed = false;
        while (ProcessTable.IsAlive(process))
        {
            if (!killed && Record!.KillAtTick <= time.GetTimestamp())
            {
                log("The database server did not stop in time; it is killed.");
                Signals.Send(process, Signals.Kill);
                killed = true;
            }

            await Task.Delay(LookEveryWhileStopping, time, cancellationToken);
        }

        return ChildEnd.Collect(process.Pid) switch
        {
            _ when killed => false,
            null => null,
            var how => how == "exit code 0",
        };
    }

    private void Stir() => stir.Release();

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate, stir);
    }

    /// <summary>After it the watch looks what there is to be watched.</summary>
    private readonly struct Turn(SemaphoreSlim gate, SemaphoreSlim stir) : IDisposable
    {
        public void Dispose()
        {
            gate.Release();
            stir.Release();
        }
    }
}
