using System.Diagnostics;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.CreateToActive;

/// <summary>An instance from the request to ACTIVE against making and starting a server by hand.</summary>
internal sealed class CreateToActiveBenchmark : IBenchmark
{
    private const double Target = 1.15;

    public string Key => "a";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        var ours = new Samples();
        var bare = new Samples();
        var steps = "";
        for (var run = 0; run < options.Runs; run++)
        {
            var (id, seconds) = await Instances.CreateAsync(
                trove, new { name = $"create{run}", flavorRef = "7", volume = new { size = 1 } }, cancellationToken);
            ours.Add(seconds);
            steps = await Instances.StepsAsync(service, id, cancellationToken);
            var model = await File.ReadAllTextAsync(Instances.OptionFile(id), cancellationToken);
            await Instances.DeleteAsync(trove, id);
            bare.Add(await ByHandAsync(model, cancellationToken));
            say($"run {run + 1}: {ours.Last:0.00} s, by hand {bare.Last:0.00} s; {steps}");
        }

        return new Section(
            "a. Create to ACTIVE",
            """
            From `POST /instances` (flavor 7, a volume of 1 GB, no users or databases) to the first `GET` that says ACTIVE, on a service
            with
            fresh state, against `mariadb-install-db`, starting `mariadbd`, and a first query, with the same option file on the same disk.
            The service runs `mariadb-install-db` for the first instance too, and keeps what it made for the next ones, which is one of the
            things
            that a service is for (`docs/decisions/0009-template-of-an-empty-data-directory.md`).
            """,
            [Figures.Ratio("Create to ACTIVE", ours.Median, bare.Median, "0.00", "s", Target)],
            [
                $"Service, all runs: {ours.All("0.00")} s. Bare: {bare.All("0.00")} s.",
                $"Seconds of the last run's steps: {steps}.",
            ]);
    }

    private static async Task<double> ByHandAsync(string model, CancellationToken cancellationToken)
    {
        await using var server = new BareServer(model, serverId: 1);
        var watch = Stopwatch.StartNew();
        await server.InitializeAsync(cancellationToken);
        await server.StartAsync(cancellationToken);
        await LocalSql.RunAsync(server.Socket, "SELECT 1", cancellationToken);
        return watch.Elapsed.TotalSeconds;
    }
}
