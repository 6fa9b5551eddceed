using Dbaas.Benchmarks.ListInstances;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Fleet;

/// <summary>What a list and a look at one instance cost among many instances, against among few.</summary>
internal sealed class FleetBenchmark : IBenchmark
{
    private const int Few = 100;
    private const int Many = 10_000;
    private const int PageSize = 20;
    private const double TotalSeconds = 20;
    private const double Target = 1.2;

    public string Key => "h";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        // Nobody reports for these instances; they count as well for as long as this runs.
        await using var small = await Services.StartAsync(("SilentSeconds", 3600));
        await using var large = await Services.StartAsync(("SilentSeconds", 3600));
        using var fewer = await FillAsync(small, Few, cancellationToken);
        using var more = await FillAsync(large, Many, cancellationToken);
        say($"{Few} and {Many} instances are there");
        var figures = new List<Figure>();
        var notes = new List<string>();
        foreach (var (what, path) in new (string, Func<TroveClient, Task<string>>)[]
        {
            ($"GET /instances?limit={PageSize}", _ => Task.FromResult($"instances?limit={PageSize}")),
            ("GET /instances/{id}", async trove => $"instances/{await AnyAsync(trove)}"),
        })
        {
            var (among, beside) = (new Samples(), new Samples());
            for (var run = 0; run < options.Runs; run++)
            {
                var seconds = TotalSeconds / options.Runs;
                beside.Add(await RateAsync(small, fewer, path, seconds, cancellationToken));
                among.Add(await RateAsync(large, more, path, seconds, cancellationToken));
                say($"{what}, run {run + 1}: {among.Last:0} requests/s among {Many}, {beside.Last:0} among {Few}");
            }

            // Time for a request is the inverse of requests for a second.
            var ratio = beside.Median / among.Median;
            figures.Add(new Figure(
                $"{what}, requests/s", $"{among.Median:0}", $"{beside.Median:0}", $"{ratio:0.00}", $"≤ {Target}", ratio <= Target));
            notes.Add($"{what}, all runs: {among.All("0")}. Among {Few}: {beside.All("0")}.");
        }

        return new Section(
            "h. Many instances of a project",
            $"""
            The list of {PageSize} and a look at one instance of a project with {Many} instances ("service"), against the same among {Few}
            ("bare"), on two services side by side with SQLite, in turns; {TotalSeconds:0} s each in all, over {Load.Connections}
            connections. The ratio is that of the times.
            """,
            figures,
            notes);
    }

    private static async Task<TroveClient> FillAsync(RunningService service, int count, CancellationToken cancellationToken)
    {
        var trove = await service.LogInAsync();
        using var database = ControlDatabase.Open(service);
        await SeededInstances.AddAsync(database, trove.ProjectId, count, cancellationToken);
        return trove;
    }

    private static async Task<string> AnyAsync(TroveClient trove) =>
        (string)(await trove.DoAsync(HttpMethod.Get, $"instances?limit={PageSize}"))!["instances"]![PageSize / 2]!["id"]!;

    private static async Task<double> RateAsync(
        RunningService service,
        TroveClient trove,
        Func<TroveClient, Task<string>> path,
        double seconds,
        CancellationToken cancellationToken)
    {
        var url = new Uri($"http://127.0.0.1:{service.ApiPort}/v1.0/{trove.ProjectId}/{await path(trove)}");
        return await LoadCommand.RateAsync(url, trove.Token, seconds, cancellationToken);
    }
}
