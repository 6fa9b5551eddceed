using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Reads restored data as a whole, on a server without network, log, scheduled events and replication. A server that does not start on the
/// data, or that ends over one of its tables, has said what it thinks of it; in the second case another one reads the others.
/// </summary>
internal sealed class DataVerification(Flavor flavor, BackupParts parts)
{
    /// <summary>Each costs the next one a start.</summary>
    private const int MostEnds = 10;

    public async Task<DataFindings> RunAsync(IJobProgress progress, CancellationToken cancellationToken)
    {
        if (!parts.Layout.HasData)
        {
            throw Faults.Precondition("This instance has no data that could be verified.");
        }

        if (parts.Runner.State is SupervisedState.Running or SupervisedState.Crashed)
        {
            throw Faults.Precondition("The data of an instance that serves is not verified.");
        }

        var reading = new TableReading(progress);
        for (var ends = 0; ends < MostEnds && await EndsOverItAsync(reading, cancellationToken); ends++)
        {
        }

        return reading.Found;
    }

    // Requests in flight of the kernel are one number for all servers of a host: that they are used up says nothing about the data.
    private IReadOnlyList<string> Options =>
    [
        "--event-scheduler=DISABLED", "--innodb-use-native-aio=0",
        $"--innodb-buffer-pool-size={Math.Max(32, parts.Host.MemoryMb / 4)}M",
    ];

    /// <returns>True: the server ended over a table, and there may be others behind it.</returns>
    private async Task<bool> EndsOverItAsync(TableReading reading, CancellationToken cancellationToken)
    {
        var server = new SideServer(flavor, parts.Host, parts.Layout, "verify");
        reading.BeginAgain();
        try
        {
            await server.AroundAsync(
                parts.Layout.Data, Options, session => reading.RunAsync(session, cancellationToken), cancellationToken);
            return false;
        }
        catch (DatastoreException) when (server.LastWords is not null && !cancellationToken.IsCancellationRequested)
        {
            reading.Blame(reading.Present is { } table
                ? $"{table}: the server ended while it read this ({server.LastWords})"
                : $"The server does not start on the data ({server.LastWords})");
            return reading.Present is not null;
        }
    }
}
