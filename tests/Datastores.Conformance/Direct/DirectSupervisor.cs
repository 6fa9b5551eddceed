using System.Collections.Concurrent;
using System.Diagnostics;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Keeps one server process running, without an agent. It lives as long as the test.</summary>
public sealed class DirectSupervisor(IProgramLauncher launcher) : IServerSupervisor
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ProcessSpec? _spec;
    private Process? _process;
    private bool _wanted;
    private bool _isToRunOn;
    private ConcurrentQueue<string> _words = [];

    /// <summary>The process; null when there is none.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>How often the server was started.</summary>
    public int Starts { get; private set; }

    /// <inheritdoc />
    public SupervisedState State
    {
        get
        {
            lock (_lock)
            {
                return !_wanted ? SupervisedState.Stopped : _process
                    is { HasExited: false } ? SupervisedState.Running : SupervisedState.Crashed;
            }
        }
    }

    /// <inheritdoc />
    public Task EnsureStartedAsync(ProcessSpec server, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _spec = server;
            _wanted = true;
            _isToRunOn = false;
            if (_process is null or { HasExited: true })
            {
                EndsInARow = 0;
                Start();
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public string LastWords => string.Join('\n', _words);

    /// <inheritdoc />
    public int EndsInARow { get; private set; }

    /// <summary>How often the server was stopped or restarted on request.</summary>
    public int Stops { get; private set; }

    /// <summary>Pretends that the server heeds no signal the next time, and had to be killed.</summary>
    public bool NextStopIsInBadOrder { get; set; }

    /// <inheritdoc />
    public async Task StopForRestartAsync(TimeSpan patience, Action<bool> whileDown, CancellationToken cancellationToken)
    {
        var inOrder = !NextStopIsInBadOrder;
        NextStopIsInBadOrder = false;
        await StopAsync(inOrder ? patience : TimeSpan.Zero, cancellationToken);
        _isToRunOn = true;
        whileDown(inOrder);
    }

    /// <inheritdoc />
    public async Task StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Process? process;
        lock (_lock)
        {
            _wanted = false;
            _isToRunOn = false;
            process = _process;
            Stops++;
        }

        if (process is null or { HasExited: true })
        {
            return;
        }

        Signals.Send(process.Id, Signals.Terminate);
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            Signals.Send(process.Id, Signals.Kill);
            await process.WaitForExitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public Task ResumeAsync(CancellationToken cancellationToken) =>
        _isToRunOn && State is SupervisedState.Stopped ? EnsureStartedAsync(_spec!, cancellationToken) : Task.CompletedTask;

    /// <summary>Kills the server.</summary>
    public void Kill() => Signals.Send(ProcessId!.Value, Signals.Kill);

    /// <summary>The server does nothing any more, and its connections stay open.</summary>
    public void Freeze() => Signals.Send(ProcessId!.Value, Signals.Stop);

    /// <summary>It goes on.</summary>
    public void Thaw() => Signals.Send(ProcessId!.Value, Signals.Continue);

    private void Start()
    {
        Starts++;
        var process = Process.Start(launcher.Prepare(_spec!))!;
        _process = process;
        var words = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            // The next start is at once: until it says something, what the last one said is what there is to tell.
            words.Enqueue(line.Data ?? "");
            _words = words;
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Close();
        _ = RestartWhenItEndsAsync(process);
    }

    private async Task RestartWhenItEndsAsync(Process process)
    {
        var started = Stopwatch.GetTimestamp();
        await process.WaitForExitAsync();
        var ran = Stopwatch.GetElapsedTime(started);
        await Task.Delay(RestartPause);
        lock (_lock)
        {
            if (_wanted && ReferenceEquals(_process, process))
            {
                EndsInARow = ran < GoodRun ? EndsInARow + 1 : 1;
                Start();
            }
        }
    }
}
