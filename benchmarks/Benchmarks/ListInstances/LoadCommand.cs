using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>The load generator, in a process of its own. The token comes by standard input, the result goes to standard output.</summary>
internal static class LoadCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var url = new Option<string>("--url") { Required = true };
        var connections = new Option<int>("--connections") { Required = true };
        var seconds = new Option<double>("--seconds") { Required = true };
        var command = new Command("load", "Sends requests for a while.") { url, connections, seconds };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var token = await Console.In.ReadLineAsync(cancellationToken) ?? "";
            var load = await RunAsync(
                new Uri(parsed.GetRequiredValue(url)),
                token,
                parsed.GetValue(connections),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(load));
            return 0;
        });
        return command;
    }

    /// <summary>Requests a second to an address over <see cref="Load.Connections"/>, from a process of its own.</summary>
    public static async Task<double> RateAsync(Uri url, string token, double seconds, CancellationToken cancellationToken)
    {
        var time = seconds.ToString(CultureInfo.InvariantCulture);
        var (output, _) = await Programs.RunAsync(
            Environment.ProcessPath!,
            ["load", "--url", $"{url}", "--connections", $"{Load.Connections}", "--seconds", time],
            token + "\n",
            cancellationToken);
        var load = JsonSerializer.Deserialize<Load>(output)!;
        return load.Failures == 0
            ? load.Requests / load.Seconds
            : throw new InvalidOperationException($"{load.Failures} requests to {url} failed.");
    }

    private static async Task<Load> RunAsync(Uri url, string token, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, UseProxy = false });
        http.DefaultRequestHeaders.Add("X-Auth-Token", token);
        long requests = 0, failures = 0;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, connections).Select(_ => Task.Run(WorkAsync, cancellationToken)).ToList();
        await Task.Delay(WarmUp, cancellationToken);
        var before = Interlocked.Read(ref requests);
        var watch = Stopwatch.StartNew();
        await Task.Delay(duration, cancellationToken);
        var measured = new Load(Interlocked.Read(ref requests) - before, Interlocked.Read(ref failures), watch.Elapsed.TotalSeconds);
        await enough.CancelAsync();
        await Task.WhenAll(workers);
        return measured with { Failures = Interlocked.Read(ref failures) };

        async Task WorkAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                using var answer = await http.GetAsync(url, CancellationToken.None);
                Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref requests : ref failures);
            }
        }
    }
}
