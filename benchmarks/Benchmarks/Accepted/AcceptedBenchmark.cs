using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Testing.Galera;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Accepted;

/// <summary>How long a request for an instance takes where three nodes of a cluster have to agree.</summary>
internal sealed class AcceptedBenchmark : IBenchmark
{
    private const int PerSecond = 20;
    private const int WarmUp = 100;
    private const int Count = 600;

    public string Key => "j";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var cluster = await GaleraCluster.StartAsync(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        await using var nodes = new RunningNodes(
            cluster.ConnectionStrings("control"),
            statements => Sql.RunAsync(cluster.Nodes[0].Address, GaleraCluster.User, cluster.Password, statements),
            ("Quotas", new JsonObject { ["instances"] = 100_000, ["volumes"] = 100_000 }));
        await nodes.AskAsync("CREATE DATABASE control");
        var apis = new List<TroveClient>();
        foreach (var name in (string[])["api-1", "api-2", "api-3"])
        {
            await nodes.AddApiAsync(name);
            apis.Add(await nodes.LogInAsync(api: name));
        }

        // It tells of flavors, and goes: nobody is to do what is accepted.
        var manager = await nodes.AddTaskManagerAsync("task-manager");
        await RunningNodes.AwaitFlavorsAsync(apis[0]);
        await manager.KillAsync();
        say("three nodes are there");
        await CreateAsync(apis, 0, WarmUp, cancellationToken);
        var times = await CreateAsync(apis, WarmUp, Count, cancellationToken);
        var load = Machine.LoadAverage();
        say($"half within {times.Median:0} ms, 99 of 100 within {times.At(0.99):0} ms; load {load}");
        return new Section(
            "j. POST /instances on three nodes",
            $"""
            Three APIs on a Galera cluster of three on this machine (network namespaces; each commit is on the disk), each with a database
            node of its own. {Count} requests, {PerSecond} a second, to the APIs in turns, after {WarmUp} others: from the request to the
            answer that it is accepted. No task manager runs.
            """,
            [Figures.AtMost("POST /instances on three nodes, 99 of 100 within", times.At(0.99), "0", "ms", 250)],
            [
                $"Half within {times.Median:0} ms, the slowest {times.At(1):0} ms; all {Count} were accepted. "
                    + $"Load average at the end: {load}.",
            ]);
    }

    /// <returns>Milliseconds of each.</returns>
    private static async Task<Samples> CreateAsync(List<TroveClient> apis, int first, int count, CancellationToken cancellationToken)
    {
        var began = Stopwatch.StartNew();
        var requests = new List<Task<double>>();
        for (var number = 0; number < count; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / PerSecond) - began.Elapsed;
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, cancellationToken);
            requests.Add(TimeAsync(first + number));
        }

        var times = new Samples();
        foreach (var time in await Task.WhenAll(requests))
        {
            times.Add(time);
        }

        return times;

        async Task<double> TimeAsync(int number)
        {
            var watch = Stopwatch.StartNew();
            await apis[number % apis.Count].CreateAsync(
                new { name = $"instance {number}", flavorRef = "7", volume = new { size = 1 } });
            return watch.Elapsed.TotalMilliseconds;
        }
    }
}
