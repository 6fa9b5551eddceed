using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Runs programs without an agent.</summary>
public sealed class DirectProcesses(IProgramLauncher launcher) : IProcesses
{
    private const int TailLength = 8192;
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, string> _running = new();

    /// <summary>Every command line that was run, so that a test can look for secrets in them.</summary>
    public ConcurrentQueue<string> CommandLines { get; } = new();

    /// <summary>Every program that was run, so that a test can look as whom.</summary>
    public ConcurrentQueue<ProcessSpec> Programs { get; } = new();

    /// <summary>Ends all that run of a program, as a kernel does that has no memory left.</summary>
    /// <returns>How many there were.</returns>
    public int Kill(string program)
    {
        var running = _running.Where(one => one.Value == program).Select(one => one.Key).ToList();
        running.ForEach(id => Signals.Send(id, Signals.Kill));
        return running.Count;
    }

    /// <inheritdoc />
    public async Task<ProcessResult> RunAsync(
        ProcessSpec program,
        Func<Stream, CancellationToken, Task>? input,
        Func<Stream, CancellationToken, Task>? output,
        CancellationToken cancellationToken)
    {
        Programs.Enqueue(program);
        CommandLines.Enqueue($"{program.Program} {string.Join(' ', program.Arguments)}");
        using var process = Process.Start(launcher.Prepare(program))!;
        var id = process.Id;
        _running[id] = program.Program;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = life.Token.Register(() => _ = EndAsync(process));

        var tail = ReadTailAsync(process.StandardError);
        var feeding = FeedAsync(process, input, life);
        var reading = ReadAsync(process, output, life);
        await process.WaitForExitAsync(CancellationToken.None);
        _running.TryRemove(id, out _);
        await Task.WhenAll(feeding, reading);
        cancellationToken.ThrowIfCancellationRequested();
        return new ProcessResult(process.ExitCode, await tail);
    }

    /// <summary>The contract's patience: some programs block SIGTERM while they wait for a reader that is gone.</summary>
    private static async Task EndAsync(Process process)
    {
        var id = process.Id;
        var ended = process.WaitForExitAsync();
        Signals.Send(id, Signals.Terminate);
        if (await Task.WhenAny(ended, Task.Delay(KillAfter)) != ended)
        {
            Signals.Send(id, Signals.Kill);
        }
    }

    private static async Task FeedAsync(Process process, Func<Stream, CancellationToken, Task>? input, CancellationTokenSource life)
    {
        try
        {
            if (input is not null)
            {
                await input(process.StandardInput.BaseStream, life.Token);
            }

            process.StandardInput.Close();
        }
        catch (IOException) when (process.WaitForExit(KillAfter))
        {
            // It ended before it read everything: its exit code says more.
        }
        catch
        {
            await life.CancelAsync();
            throw;
        }
    }

    private static async Task ReadAsync(Process process, Func<Stream, CancellationToken, Task>? output, CancellationTokenSource life)
    {
        try
        {
            var stream = process.StandardOutput.BaseStream;
            await (output is null ? stream.CopyToAsync(Stream.Null, CancellationToken.None) : output(stream, life.Token));
        }
        catch
        {
            await life.CancelAsync();
            throw;
        }
    }

    private static async Task<string> ReadTailAsync(StreamReader error)
    {
        var tail = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await error.ReadAsync(buffer)) > 0)
        {
            tail.Append(buffer, 0, read);
            if (tail.Length > TailLength)
            {
                tail.Remove(0, tail.Length - TailLength);
            }
        }

        return tail.ToString();
    }
}
