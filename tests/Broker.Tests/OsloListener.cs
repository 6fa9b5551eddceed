using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Testing;

namespace Dbaas.Broker.Tests;

/// <summary>Debian's notification listener of oslo.messaging, in a process of its own.</summary>
internal sealed class OsloListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Process process;
    private readonly string script;

    private OsloListener(Process process, string script)
    {
        (this.process, this.script) = (process, script);
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has heard.</summary>
    public IReadOnlyList<JsonNode> Heard => [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)];

    public IReadOnlyList<string> Events => [.. Heard.Select(one => one["event"]!.GetValue<string>())];

    public static async Task<OsloListener> StartAsync(string broker, string exchange)
    {
        var script = Path.GetTempFileName();
        await using (var text = typeof(OsloListener).Assembly.GetManifestResourceStream("listener.py")!)
        await using (var file = File.Create(script))
        {
            await text.CopyToAsync(file);
        }

        var start = new ProcessStartInfo("/usr/bin/python3", [script, broker.Replace("amqp", "rabbit", StringComparison.Ordinal), exchange])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var listener = new OsloListener(Process.Start(start)!, script);
        await Eventually.SeeAsync(
            "it listens", Patience, () => Task.FromResult(string.Join('\n', listener.lines)),
            said => said.Contains("listening", StringComparison.Ordinal));
        return listener;
    }

    public Task<IReadOnlyList<string>> AwaitAsync(string @event) => Eventually.SeeAsync(
        $"{@event} is heard", Patience, () => Task.FromResult(Events), events => events.Contains(@event));

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(script);
    }
}
