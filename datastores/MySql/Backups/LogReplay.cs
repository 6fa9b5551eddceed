using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Brings data to where it is not yet, by what the binary log says, under the same GTIDs. Nothing else changes the data meanwhile.
/// </summary>
internal sealed class LogReplay
{
    private readonly Flavor _flavor;
    private readonly DatastoreHost _host;
    private readonly SideServer _server;
    private readonly LogPlayer _player;

    public LogReplay(Flavor flavor, DatastoreHost host, ServerLayout layout)
    {
        (_flavor, _host) = (flavor, host);
        _server = new SideServer(flavor, host, layout, "replay");
        _player = new LogPlayer(flavor, host, _server.Socket);
    }

    /// <summary>Files whose transactions the data may have already: those are passed over.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="logs">Holds the files, and nothing else.</param>
    /// <param name="gtid">All transactions that the data has then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Permanent: the files are not what they should be.</exception>
    public Task RunAsync(string data, string logs, string gtid, CancellationToken cancellationToken)
    {
        var files = BinaryLogs.InOrder(Directory.EnumerateFiles(logs));
        return AroundAsync(
            data,
            logs,
            async (session, player) =>
            {
                if (files.Count > 0)
                {
                    await player.PlayAsync(files, cancellationToken);
                }

                var reached = await _flavor.Gtids.ReadStateAsync(session, cancellationToken);
                if (reached != GtidSet.Parse(gtid).ToString())
                {
                    throw Faults.Permanent($"The backup ends with other transactions ({reached}) than its description says ({gtid}).");
                }
            },
            cancellationToken);
    }

    /// <summary>A server on the data around some work.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="scratch">A folder of the database's user.</param>
    /// <param name="work">With the server.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">Permanent: the server ended over the data.</exception>
    public async Task AroundAsync(
        string data, string scratch, Func<Session, LogPlayer, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await _server.AroundToKeepAsync(
                data,
                [
                    // What fails is begun anew, so nothing has to be on the disk before the end.
                    "--event-scheduler=DISABLED", LogPlayer.LargestPacket, "--innodb-flush-log-at-trx-commit=0",
                    $"--relay-log={Path.Combine(scratch, "relay")}", $"--innodb-buffer-pool-size={Math.Max(32, _host.MemoryMb / 4)}M",
                    .. _flavor.ReplayOptions(scratch),
                ],
                session => work(session, _player),
                cancellationToken);
        }
        catch (DatastoreException e) when (_server.LastWords is { } words && !cancellationToken.IsCancellationRequested)
        {
            throw Faults.Permanent($"The server for loading the data ended ({words}).", e);
        }
    }
}
