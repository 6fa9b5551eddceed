using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Backups;

/// <summary>A backup, and a restore, against the bare pipelines over the same server.</summary>
internal sealed class BackupBenchmark : IBenchmark
{
    private const string FlavorId = "3";
    private const int RowBytes = 1000;
    private const int RowsAtOnce = 32 * 1024;
    private const double MostAgentMb = 48;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly (int MemoryMb, int Processors) Flavor = (2048, 2);

    public string Key => "g";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        // Before anything is started, so that all of it is counted.
        _ = ProcessorTime.Used();
        var dataMb = options.DataMb * 2;
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        var size = (dataMb / 1024 * 2) + 2;
        var (id, _) = await Instances.CreateAsync(
            trove, new { name = "m", flavorRef = FlavorId, volume = new { size } }, cancellationToken);
        var optionFile = Instances.OptionFile(id);
        var text = await File.ReadAllTextAsync(optionFile, cancellationToken);
        var socket = BareOptions.Value(text, "socket");
        var rows = (int)(dataMb * 1024L * 1024 / RowBytes);
        await FillAsync(socket, rows, cancellationToken);
        using var bare = new BareBackups(optionFile, socket, Flavor);

        var (ours, byHand, trovesWay) = (new Samples(), new Samples(), new Samples());
        var (ourProcessor, tlsProcessor) = (new Samples(), new Samples());
        var backup = "";
        for (var run = 0; run < options.Runs; run++)
        {
            await (backup.Length > 0 ? DeleteAsync(trove, backup) : Task.CompletedTask);
            var one = await TimeAsync(async () => backup = await BackUpAsync(trove, id), cancellationToken);
            var two = await TimeAsync(() => bare.TakeByTlsAsync(cancellationToken), cancellationToken);
            var three = await TimeAsync(() => bare.TakeAsTroveAsync(cancellationToken), cancellationToken);
            var four = await TimeAsync(() => bare.TakeAsync(cancellationToken), cancellationToken);
            ours.Add(one.Seconds);
            ourProcessor.Add(one.Processor);
            tlsProcessor.Add(two.Processor);
            trovesWay.Add(three.Seconds);
            byHand.Add(four.Seconds);
            say($"run {run + 1}: {one.Seconds:0.00} s, by hand {four.Seconds:0.00} s, Trove's way {three.Seconds:0.00} s; "
                + $"processor {one.Processor:0.00} s, with hash and TLS by hand {two.Processor:0.00} s");
        }

        var agentMb = PeakMb(LeftOvers.PidsOf(id, "Dbaas.GuestAgent").Single());
        var (restored, restoredByHand) = (new Samples(), new Samples());
        for (var run = 0; run < options.Runs; run++)
        {
            var model = "";
            await SettleAsync(cancellationToken);
            var (copy, seconds) = await Instances.CreateAsync(
                trove,
                new { name = $"r{run}", flavorRef = FlavorId, volume = new { size }, restorePoint = new { backupRef = backup } },
                cancellationToken);
            model = await File.ReadAllTextAsync(Instances.OptionFile(copy), cancellationToken);
            await Instances.DeleteAsync(trove, copy);
            var other = await TimeAsync(() => bare.RestoreAsync(model, cancellationToken), cancellationToken);
            restored.Add(seconds);
            restoredByHand.Add(other.Seconds);
            say($"restore {run + 1}: {seconds:0.00} s, by hand {other.Seconds:0.00} s");
        }

        var (latency, bareLatency) = (new Samples(), new Samples());
        var connection = await ConnectionAsync(text, socket, cancellationToken);
        for (var run = 0; run < options.Runs; run++)
        {
            latency.Add(await LatencyAsync(connection, rows, async () => await DeleteAsync(trove, await BackUpAsync(trove, id))));
            bareLatency.Add(await LatencyAsync(connection, rows, () => bare.TakeAsync(cancellationToken)));
            say($"99 of 100 writes within {latency.Last:0.0} ms, by hand {bareLatency.Last:0.0} ms");
        }

        return new Section(
            "g. Backup and restore",
            $"""
            {dataMb} MB of rows, half of which can be compressed, on an instance of flavor {FlavorId}: from `POST /backups` to the first
            `GET` that says COMPLETED, with the built-in store. By hand, over the same server: `mariadb-backup --stream | zstd -T0 | age >
            file`, and back by `age | zstd | mbstream`, `--prepare`, start and a first query. Trove's way is `mariadb-backup | gzip > file`.
            Processor time is of everything, against the same pipe that also hashes and sends by TLS. The agent's memory is the most that
            it ever had. Latency is of four clients' updates at a steady pace while a backup runs.
            """,
            [
                Speed("Backup, share of the bare pipeline's speed", ours, byHand, 0.9),
                Speed("Backup, times the speed of Trove's way", ours, trovesWay, 2),
                Figures.Ratio("Backup, processor time", ourProcessor.Median, tlsProcessor.Median, "0.00", "s", 1.15),
                Speed("Restore to ACTIVE, share of the bare pipeline's speed", restored, restoredByHand, 0.85),
                Figures.AtMost("Agent in a backup, resident at most", agentMb, "0", "MB", MostAgentMb),
                Figures.Ratio("Writes during a backup, 99 of 100 within", latency.Median, bareLatency.Median, "0.0", "ms", 1.1),
            ],
            [
                $"Backups, all runs: {ours.All("0.00")} s; by hand {byHand.All("0.00")} s; Trove's way {trovesWay.All("0.00")} s.",
                $"Restores, all runs: {restored.All("0.00")} s; by hand {restoredByHand.All("0.00")} s.",
                $"Processor time: {ourProcessor.All("0.00")} s; by hand {tlsProcessor.All("0.00")} s.",
                $"99 of 100 writes: {latency.All("0.0")} ms; by hand {bareLatency.All("0.0")} ms.",
            ]);
    }

    private static Figure Speed(string what, Samples ours, Samples bare, double least)
    {
        var ratio = bare.Median / ours.Median;
        return new Figure(
            what,
            $"{ours.Median.ToString("0.00", CultureInfo.InvariantCulture)} s",
            $"{bare.Median.ToString("0.00", CultureInfo.InvariantCulture)} s",
            ratio.ToString("0.00", CultureInfo.InvariantCulture),
            $"≥ {least.ToString(CultureInfo.InvariantCulture)}",
            ratio >= least);
    }

    private static async Task FillAsync(string socket, int rows, CancellationToken cancellationToken)
    {
        await LocalSql.RunAsync(
            socket,
            $"CREATE DATABASE bench; CREATE TABLE bench.t (id INT PRIMARY KEY, touched INT NOT NULL, body VARBINARY({RowBytes}))",
            cancellationToken);
        for (var first = 1; first <= rows; first += RowsAtOnce)
        {
            var last = Math.Min(rows, first + RowsAtOnce - 1);
            await LocalSql.RunAsync(
                socket,
                $"""
                USE bench;
                INSERT INTO t SELECT seq, 0, CONCAT(RANDOM_BYTES({RowBytes / 2}), REPEAT(CHAR(65 + seq % 26), {RowBytes / 2}))
                FROM seq_{first}_to_{last}
                """,
                cancellationToken);
        }
    }

    private static async Task<string> BackUpAsync(TroveClient trove, string id)
    {
        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await trove.AwaitCompletedAsync(backup, Patience);
        return backup;
    }

    private static async Task DeleteAsync(TroveClient trove, string backup)
    {
        await trove.DoAsync(HttpMethod.Delete, $"backups/{backup}");
        await trove.AwaitBackupGoneAsync(backup, Patience);
    }

    private static async Task<(double Seconds, double Processor)> TimeAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        var (watch, before) = (Stopwatch.StartNew(), ProcessorTime.Used());
        await work();
        return (watch.Elapsed.TotalSeconds, ProcessorTime.Used() - before);
    }

    private static async Task<double> LatencyAsync(string connection, int rows, Func<Task> work)
    {
        await using var clients = new Clients(connection, rows);
        clients.Start();
        await work();
        return (await clients.StopAsync()).Percentile;
    }

    private static async Task<string> ConnectionAsync(string options, string socket, CancellationToken cancellationToken)
    {
        var password = RandomNumberGenerator.GetHexString(24);
        await LocalSql.RunAsync(
            socket, $"CREATE USER bench@'%' IDENTIFIED BY '{password}'; GRANT UPDATE, SELECT ON bench.* TO bench@'%'", cancellationToken);
        return $"Server={BareOptions.Value(options, "bind_address")};Port={BareOptions.Value(options, "port")};User ID=bench;"
            + $"Password={password};SslMode=Required;Pooling=false";
    }

    private static double PeakMb(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static async Task SettleAsync(CancellationToken cancellationToken)
    {
        await Programs.RunAsync("sync", [], "", cancellationToken);
        await Task.Delay(Rest, cancellationToken);
    }
}
