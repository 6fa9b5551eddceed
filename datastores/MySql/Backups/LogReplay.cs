using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Does again what files of the binary log say, under the same GTIDs: what the data has already is passed over. By the engine's own tool
/// and not as a slave would do it, which turns the scheduled events of the database off. Nothing else changes the data meanwhile.
/// </summary>
internal sealed class LogReplay(Flavor flavor, DatastoreHost host, ServerLayout layout)
{
    private const string LargestPacket = "--max-allowed-packet=1G";

    private readonly SideServer _server = new(flavor, host, layout, "replay");

    /// <param name="data">The data directory.</param>
    /// <param name="logs">Holds the files.</param>
    /// <param name="gtid">All transactions that the data has then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Permanent: the files are not what they should be.</exception>
    public Task RunAsync(string data, string logs, string gtid, CancellationToken cancellationToken)
    {
        var files = BinaryLogs.InOrder(Directory.EnumerateFiles(logs));
        return _server.AroundToKeepAsync(
            data,
            [
                // What fails is begun anew, so nothing has to be on the disk before the end.
                "--event-scheduler=DISABLED", LargestPacket, "--innodb-flush-log-at-trx-commit=0",
                $"--relay-log={Path.Combine(logs, "relay")}", $"--innodb-buffer-pool-size={Math.Max(32, host.MemoryMb / 4)}M",
            ],
            async session =>
            {
                if (files.Count > 0)
                {
                    await RunAsync(files, cancellationToken);
                }

                var reached = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
                if (reached != GtidSet.Parse(gtid).ToString())
                {
                    throw Faults.Permanent($"The backup ends with other transactions ({reached}) than its description says ({gtid}).");
                }
            },
            cancellationToken);
    }

    private async Task RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var read = new ProcessSpec("mysqlbinlog", ["--no-defaults", "--verify-binlog-checksum", "--", .. files]) { UserId = host.UserId };
        var result = await host.Processes.RunAsync(read, input: null, DoAsync, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Permanent($"The binary log in the backup could not be read (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    /// <summary>As the agent, whom the server lets in.</summary>
    private async Task DoAsync(Stream statements, CancellationToken cancellationToken)
    {
        var act = new ProcessSpec(
            "mysql",
            [
                "--no-defaults", "--protocol=SOCKET", $"--socket={_server.Socket}", $"--user={ServerConnections.Administrator}",
                "--binary-mode", LargestPacket,
            ]);
        var result = await host.Processes.RunAsync(
            act, (write, token) => CountedCopy.RunAsync(statements, write, token), output: null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Permanent($"What the binary log says could not be done (exit code {result.ExitCode}): {result.Reason}");
        }
    }
}
