using System.Globalization;
using System.Security.Cryptography;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.SlaveToActive;

/// <summary>A further slave of a master with much data against the bare pipeline from the same master.</summary>
internal sealed class SlaveToActiveBenchmark : IBenchmark
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private const double Target = 1.3;
    private const string FlavorId = "3";
    private static readonly (int MemoryMb, int Processors) Flavor = (2048, 2);

    public string Key => "b";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        var size = (options.DataMb / 1024) + 2;
        var (masterId, _) = await Instances.CreateAsync(
            trove, new { name = "master", flavorRef = FlavorId, volume = new { size } }, cancellationToken);
        var master = await SeenFromBesideAsync(masterId, cancellationToken);
        await MasterData.FillAsync(master.Socket, options.DataMb, cancellationToken);
        await SettleAsync(cancellationToken);

        var (firstId, first) = await Instances.CreateAsync(trove, new { name = "first", slaveOf = masterId }, cancellationToken);
        var firstSteps = await Instances.StepsAsync(service, firstId, cancellationToken);
        say($"first slave: {first:0.00} s; {firstSteps}");
        await AllowAsync(master, cancellationToken);

        var ours = new Samples();
        var bare = new Samples();
        var (steps, parts) = ("", "");
        for (var run = 0; run < options.Runs; run++)
        {
            await SettleAsync(cancellationToken);
            var (id, seconds) = await Instances.CreateAsync(trove, new { name = $"slave{run}", slaveOf = masterId }, cancellationToken);
            ours.Add(seconds);
            steps = await Instances.StepsAsync(service, id, cancellationToken);
            var model = await File.ReadAllTextAsync(Instances.OptionFile(id), cancellationToken);
            await Instances.DeleteAsync(trove, id);

            await SettleAsync(cancellationToken);
            (var byHand, parts) = await BarePipeline.RunAsync(master, model, Flavor, cancellationToken);
            bare.Add(byHand);
            say($"run {run + 1}: {seconds:0.00} s, by hand {byHand:0.00} s; {steps}; by hand {parts}");
        }

        var ratio = ours.Median / bare.Median;
        return new Section(
            "b. Slave to ACTIVE",
            $"""
            A master with {options.DataMb} MB of rows (flavor {FlavorId}) that has a slave already gets another one: from `POST /instances`
            to the first
            `GET` that says ACTIVE. Against the bare pipeline from the same master: `mariadb-backup --backup --stream=mbstream` over a
            loopback TCP
            connection without TLS into `mbstream -x`, `--prepare`, start, `CHANGE MASTER`, `START SLAVE`, both threads running. Disks are
            synced
            before each, and the machine rests for {Rest.TotalSeconds:0} s, so that neither begins with memory that the other has just set
            free. The first slave, which restarts the master with its log on, is reported apart.
            """,
            [
                new Figure(
                    "Second slave to ACTIVE",
                    $"{ours.Median:0.00} s",
                    $"{bare.Median:0.00} s",
                    $"{ratio:0.00}",
                    $"≤ {Target}",
                    ratio <= Target),
                new Figure("First slave to ACTIVE", $"{first:0.00} s", "", "", "", null),
            ],
            [
                $"Service, all runs: {ours.All("0.00")} s. Bare: {bare.All("0.00")} s.",
                $"Seconds of the last run's steps: {steps}. By hand: {parts}.",
                $"Seconds of the first slave's steps: {firstSteps}.",
            ]);
    }

    private static async Task<BareMaster> SeenFromBesideAsync(string id, CancellationToken cancellationToken)
    {
        var file = Instances.OptionFile(id);
        var text = await File.ReadAllTextAsync(file, cancellationToken);
        return new BareMaster(
            BareOptions.Value(text, "socket"),
            file,
            BareOptions.Value(text, "bind_address"),
            int.Parse(BareOptions.Value(text, "port"), CultureInfo.InvariantCulture),
            RandomNumberGenerator.GetHexString(24));
    }

    // Not logged, as the service's own users are not.
    private static async Task AllowAsync(BareMaster master, CancellationToken cancellationToken) => await LocalSql.RunAsync(
        master.Socket,
        $"SET SESSION sql_log_bin = 0; CREATE USER bench@'%' IDENTIFIED BY '{master.Password}'; GRANT REPLICATION SLAVE ON *.* "
            + "TO bench@'%'",
        cancellationToken);

    // What one side wrote is not to be paid for by the other; nor is it to begin with the memory that the other has just set free, which on
    // a virtual machine that gives free memory back to its host is seconds faster than any other.
    private static async Task SettleAsync(CancellationToken cancellationToken)
    {
        await Programs.RunAsync("sync", [], "", cancellationToken);
        await Task.Delay(Rest, cancellationToken);
    }
}
