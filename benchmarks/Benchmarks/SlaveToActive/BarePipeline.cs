using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.SlaveToActive;

/// <summary>A slave as one would build it by hand: copy, prepare, start, attach, both threads running.</summary>
internal static class BarePipeline
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <param name="master">Whose log is on.</param>
    /// <param name="model">The option file of a managed slave.</param>
    /// <param name="flavor">What a managed slave has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>All seconds, and those of each part.</returns>
    public static async Task<(double Seconds, string Parts)> RunAsync(
        BareMaster master, string model, (int MemoryMb, int Processors) flavor, CancellationToken cancellationToken)
    {
        await using var slave = new BareServer(model, serverId: 1);
        var watch = Stopwatch.StartNew();
        var parts = new List<string>();
        await BackupPipe.CopyAsync(master, slave.Data, flavor.Processors, cancellationToken);
        Lap("copy");
        await Programs.RunAsync(
            "mariadb-backup", ["--prepare", $"--target-dir={slave.Data}", $"--use-memory={flavor.MemoryMb / 4}M"], "", cancellationToken);
        Lap("prepare");
        await slave.StartAsync(cancellationToken);
        Lap("start");
        await AttachAsync(master, slave, cancellationToken);
        Lap("attach");
        return (watch.Elapsed.TotalSeconds, string.Join(", ", parts));

        void Lap(string part) => parts.Add($"{part} until {watch.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)}");
    }

    private static async Task AttachAsync(BareMaster master, BareServer slave, CancellationToken cancellationToken)
    {
        var position = (await File.ReadAllTextAsync(Path.Combine(slave.Data, "xtrabackup_binlog_info"), cancellationToken))
            .Trim()
            .Split('\t');
        await LocalSql.RunAsync(
            slave.Socket,
            $"""
            RESET MASTER;
            SET GLOBAL gtid_slave_pos = '{position[2]}';
            CHANGE MASTER TO MASTER_HOST = '{master.Host}', MASTER_PORT = {master.Port}, MASTER_USER = 'bench',
              MASTER_PASSWORD = '{master.Password}', MASTER_USE_GTID = slave_pos;
            START SLAVE;
            """,
            cancellationToken);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            // Its eleventh and twelfth columns are the two threads.
            var status = await LocalSql.RunAsync(slave.Socket, "SHOW SLAVE STATUS", cancellationToken);
            if (status.Split('\t') is [_, _, _, _, _, _, _, _, _, _, "Yes", "Yes", ..])
            {
                return;
            }

            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"The bare slave does not follow: {status}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
