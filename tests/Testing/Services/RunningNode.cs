using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Testing.Services;

/// <summary>One program of a control plane of many nodes, as a real process. Disposing of it kills it.</summary>
public sealed class RunningNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process process;
    private readonly StringBuilder log = new();

    private RunningNode(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process.</summary>
    public int Pid => process.Id;

    /// <summary>All that it has printed.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="settings">Its configuration; its file lies in <c>Home</c>, which it names.</param>
    /// <param name="environment">Variables that it gets beside those of the tests that are no settings.</param>
    public static RunningNode Start(string program, JsonObject settings, params (string Name, string Value)[] environment)
    {
        var home = Directory.CreateDirectory(settings["Home"]!.GetValue<string>()).FullName;
        var file = Path.Combine(home, $"{Path.GetFileName(program)}.{settings["NodeName"]}.json");
        File.WriteAllText(file, settings.ToJsonString());
        var start = new ProcessStartInfo(program, ["--config", file]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Whoever runs the tests (./dbaas, CI) has settings of a service of his own there.
        foreach (var foreign in start.Environment.Keys.Where(name => name.StartsWith("DBAAS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(foreign);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new RunningNode(Process.Start(start)!);
    }

    /// <summary>Waits until its log says something.</summary>
    public Task AwaitLogAsync(string words) => Eventually.SeeAsync(
        $"the log says '{words}'",
        Patience,
        () => process.HasExited && !Log.Contains(words, StringComparison.Ordinal)
            ? throw new OperationCanceledException($"It ended with {process.ExitCode}: {Log}")
            : Task.FromResult(Log),
        said => said.Contains(words, StringComparison.Ordinal));

    /// <summary>Waits until it ends.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> AwaitEndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>SIGSTOP.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await AwaitEndAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{process.Id}"]);
        kill.WaitForExit();
    }

    private void Add(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }
}
