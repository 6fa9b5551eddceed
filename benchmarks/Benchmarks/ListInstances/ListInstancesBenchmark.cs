using System.Text.Json.Nodes;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>The list of instances, and one of them, against an endpoint that does nothing but read and serialise them.</summary>
internal sealed class ListInstancesBenchmark : IBenchmark
{
    private const int Count = 20;
    private const int Changes = 50;
    private const double TotalSeconds = 10;
    private const double Target = 0.8;
    private const double TargetPerSecond = 1000;

    public string Key => "c";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        // Nobody reports for these instances; they count as well for as long as this runs.
        await using var service = await Services.StartAsync(("SilentSeconds", 3600));
        using var trove = await service.LogInAsync();
        string shown;
        using (var database = ControlDatabase.Open(service))
        {
            shown = (await SeededInstances.AddAsync(database, trove.ProjectId, Count, cancellationToken))[Count / 2];
        }

        var root = $"http://127.0.0.1:{service.ApiPort}";
        await using var bareEndpoint = await BareEndpoint.StartAsync(
            ControlDatabase.FileOf(service), trove.ProjectId, root, cancellationToken);
        var list = (Ours: new Uri($"{root}/v1.0/{trove.ProjectId}/instances"), Bare: bareEndpoint.Url);
        var one = (Ours: new Uri($"{list.Ours}/{shown}"), Bare: new Uri(bareEndpoint.Url, shown));
        await RequireSameAnswerAsync(trove, "instances", list.Bare, cancellationToken);
        await RequireSameAnswerAsync(trove, $"instances/{shown}", one.Bare, cancellationToken);

        var (ours, bare, oursOfOne, bareOfOne) = (new Samples(), new Samples(), new Samples(), new Samples());
        for (var run = 0; run < options.Runs; run++)
        {
            var seconds = TotalSeconds / options.Runs;
            ours.Add(await LoadCommand.RateAsync(list.Ours, trove.Token, seconds, cancellationToken));
            bare.Add(await LoadCommand.RateAsync(list.Bare, "", seconds, cancellationToken));
            oursOfOne.Add(await LoadCommand.RateAsync(one.Ours, trove.Token, seconds, cancellationToken));
            bareOfOne.Add(await LoadCommand.RateAsync(one.Bare, "", seconds, cancellationToken));
            say($"run {run + 1}: {ours.Last:0} requests/s, bare {bare.Last:0}; of one {oursOfOne.Last:0}, bare {bareOfOne.Last:0}");
        }

        var seen = await ChangesSeenAsync(trove);
        say($"{seen} of {Changes} changes seen");
        var (ratio, ratioOfOne) = (ours.Median / bare.Median, oursOfOne.Median / bareOfOne.Median);
        return new Section(
            "c. List of instances",
            $"""
            `GET /instances` with {Count} instances, and `GET /instances/{"{id}"}`, over {Load.Connections} connections, against an ASP.NET
            endpoint in a process of its own that runs the same
            statements on the same SQLite file through the same library and serialises the same documents (compared before the measurement).
            Load
            comes from a third process on the same machine; {TotalSeconds:0} s each in all, in turns. Then an instance is renamed {Changes}
            times, and the
            next `GET` must show it.
            """,
            [
                new Figure(
                    "GET /instances, requests/s", $"{ours.Median:0}", $"{bare.Median:0}", $"{ratio:0.00}", $"≥ {Target}", ratio >= Target),
                new Figure(
                    "GET /instances/{id}, requests/s",
                    $"{oursOfOne.Median:0}",
                    $"{bareOfOne.Median:0}",
                    $"{ratioOfOne:0.00}",
                    $"≥ {Target}",
                    ratioOfOne >= Target),
                new Figure(
                    "GET /instances, requests/s at least",
                    $"{ours.Median:0}",
                    "",
                    "",
                    $"≥ {TargetPerSecond:0}",
                    ours.Median >= TargetPerSecond),
                new Figure("Changes seen by the next GET", $"{seen} of {Changes}", "", "", "all", seen == Changes),
            ],
            [
                $"Requests/s, all runs: {ours.All("0")}. Bare: {bare.All("0")}.",
                $"Of one instance, all runs: {oursOfOne.All("0")}. Bare: {bareOfOne.All("0")}.",
            ]);
    }

    private static async Task RequireSameAnswerAsync(TroveClient trove, string path, Uri bare, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var theirs = JsonNode.Parse(await http.GetStringAsync(bare, cancellationToken));
        var ours = await trove.DoAsync(HttpMethod.Get, path);
        if (!JsonNode.DeepEquals(ours, theirs) || ours!["instances"]?.AsArray().Count is not (null or Count))
        {
            throw new InvalidOperationException($"The endpoints do not answer the same:\n{ours?.ToJsonString()}\n{theirs?.ToJsonString()}");
        }
    }

    private static async Task<int> ChangesSeenAsync(TroveClient trove)
    {
        var id = (string)(await trove.DoAsync(HttpMethod.Get, "instances"))!["instances"]![Count / 2]!["id"]!;
        var seen = 0;
        for (var change = 0; change < Changes; change++)
        {
            var name = $"renamed {change}";
            await trove.DoAsync(HttpMethod.Put, $"instances/{id}", new { instance = new { name } });
            var list = (await trove.DoAsync(HttpMethod.Get, "instances"))!["instances"]!.AsArray();
            seen += list.Count(one => (string?)one!["id"] == id && (string?)one["name"] == name);
        }

        return seen;
    }
}
