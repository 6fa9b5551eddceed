using System.Diagnostics;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Many;

/// <summary>Twenty creates at once, and 25 instances at rest: what all of it takes of the machine's processors.</summary>
internal sealed class ManyInstancesBenchmark : IBenchmark
{
    private const int AtOnce = 20;
    private const int More = 4;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Key => "e";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        // Entered before anything is started.
        _ = ProcessorTime.Used();
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        List<string> ids = [(await Instances.CreateAsync(trove, Wish(0), cancellationToken)).Id];
        var model = await File.ReadAllTextAsync(Instances.OptionFile(ids[0]), cancellationToken);
        var bare = new Samples();
        for (var run = 0; run < options.Runs; run++)
        {
            bare.Add(await ByHandAsync(model, cancellationToken));
        }

        say($"by hand: {bare.All("0.00")} s");
        var watch = Stopwatch.StartNew();
        var before = ProcessorTime.Used();
        ids.AddRange(await CreateAsync(trove, 1, AtOnce, cancellationToken));
        var each = (ProcessorTime.Used() - before) / AtOnce;
        var took = watch.Elapsed.TotalSeconds;
        say($"{AtOnce} creates: {took:0.0} s, of the processors {each:0.00} s each");

        ids.AddRange(await CreateAsync(trove, AtOnce + 1, More, cancellationToken));
        await Task.Delay(Rest, cancellationToken);
        var (serviceBefore, restBefore) = (ProcessorTime.Of(service.Pid), ProcessorTime.Used());
        await Task.Delay(Watched, cancellationToken);
        var idle = (ProcessorTime.Used() - restBefore) / Watched.TotalSeconds;
        var ofService = (ProcessorTime.Of(service.Pid) - serviceBefore) / Watched.TotalSeconds;
        say($"{ids.Count} at rest: {idle:0.000} of a processor, the service {ofService:0.000}");
        foreach (var id in ids)
        {
            await Instances.DeleteAsync(trove, id);
        }

        return new Section(
            "e. Many instances",
            $"""
            {AtOnce} instances (flavor 7) are asked for at once, on a service that has made one before: the processor time of everything
            until the last is
            ACTIVE, for each, against `mariadb-install-db`, starting `mariadbd` and a first query by hand. Then {ids.Count} instances rest
            for
            {Rest.TotalSeconds:0} s, and what everything (service, agents, databases) takes in the next {Watched.TotalSeconds:0} s is
            counted.
            """,
            [
                Figures.Ratio($"{AtOnce} creates at once, processor time for each", each, bare.Median, "0.00", "s", 1.5),
                Figures.AtMost($"{ids.Count} idle instances, everything", idle, "0.000", "processors", 0.15),
            ],
            [
                $"The {AtOnce} took {took:0.0} s. By hand, all runs: {bare.All("0.00")} s of processor time.",
                $"Of the {ids.Count} at rest the service took {ofService:0.000} of a processor.",
                ProcessorTime.IsOfOurselves
                    ? "Counted by a control group: other work on the machine is left out."
                    : "Counted for the whole machine: other work on it is in the figures.",
            ]);
    }

    private static object Wish(int number) => new { name = $"many{number}", flavorRef = "7", volume = new { size = 1 } };

    private static async Task<IReadOnlyList<string>> CreateAsync(
        TroveClient trove, int first, int count, CancellationToken cancellationToken)
    {
        var ids = await Task.WhenAll(Enumerable.Range(first, count).Select(number => trove.CreateAsync(Wish(number))));
        var watch = Stopwatch.StartNew();
        var waiting = ids.ToList();
        while (waiting.Count > 0)
        {
            // Seldom: the answers are the service's work too.
            await Task.Delay(Look, cancellationToken);
            var status = (string?)(await trove.ShowAsync(waiting[0]))["status"];
            if (status == "ERROR" || watch.Elapsed > Patience)
            {
                throw new InvalidOperationException($"The instance {waiting[0]} is {status} after {watch.Elapsed.TotalSeconds:0} s.");
            }

            waiting.RemoveRange(0, status == "ACTIVE" ? 1 : 0);
            if (status == "ACTIVE")
            {
                waiting = await StillBuildingAsync(trove, waiting);
            }
        }

        return ids;
    }

    private static async Task<List<string>> StillBuildingAsync(TroveClient trove, List<string> ids)
    {
        List<string> left = [];
        foreach (var id in ids)
        {
            if ((string?)(await trove.ShowAsync(id))["status"] != "ACTIVE")
            {
                left.Add(id);
            }
        }

        return left;
    }

    private static async Task<double> ByHandAsync(string model, CancellationToken cancellationToken)
    {
        var before = ProcessorTime.Used();
        await using var server = new BareServer(model, serverId: 1);
        await server.InitializeAsync(cancellationToken);
        await server.StartAsync(cancellationToken);
        await LocalSql.RunAsync(server.Socket, "SELECT 1", cancellationToken);
        return ProcessorTime.Used() - before;
    }
}
