using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Reads restored data as a whole, on a server without network, log, scheduled events and replication. A server that does not start on the
/// data, or that ends over one of its tables, has said what it thinks of it.
/// </summary>
internal sealed class DataVerification(Flavor flavor, BackupParts parts)
{
    private const int FirstSignal = 128;
    private const int Killed = FirstSignal + 9;
    private const int AskedToEnd = FirstSignal + 15;

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

        var server = new SideServer(flavor, parts.Host, parts.Layout, "verify");
        var reading = new TableReading(progress);
        try
        {
            await server.AroundAsync(
                parts.Layout.Data, Options, session => reading.RunAsync(session, cancellationToken), cancellationToken);
        }
        catch (DatastoreException) when (server.EndedAlone is { } end && IsItsOwn(end) && !cancellationToken.IsCancellationRequested)
        {
            reading.Blame(reading.Present is { } table
                ? $"{table}: the server ended while it read this (exit code {end.ExitCode}): {end.Reason}"
                : $"The server does not start on the data (exit code {end.ExitCode}): {end.Reason}");
        }

        return reading.Found;
    }

    // Requests in flight of the kernel are one number for all servers of a host: that they are used up says nothing about the data.
    private IReadOnlyList<string> Options =>
    [
        "--event-scheduler=DISABLED", "--innodb-use-native-aio=0",
        $"--innodb-buffer-pool-size={Math.Max(32, parts.Host.MemoryMb / 4)}M",
    ];

    /// <summary>Nobody killed it, and nothing that is the machine's was used up.</summary>
    private static bool IsItsOwn(ProcessResult end) =>
        end.ExitCode is not (Killed or AskedToEnd)
        && !ErrorLog.SpeaksOfNoSpace(end.Reason)
        && !end.ErrorTail.Contains("annot allocate memory", StringComparison.Ordinal)
        && !end.ErrorTail.Contains("ut of memory", StringComparison.Ordinal);
}
