using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>No log grows for ever: one that is large gets another name, and the server begins a new file.</summary>
internal sealed class LogTurning(
    IReadOnlyList<LogFiles> logs, LogSwitches switches, ServerConnections connections, VolumeRoom room)
{
    /// <summary>One is large.</summary>
    public bool AnyIsLarge => logs.Any(log => log.IsLarge);

    /// <summary>
    /// One is large; or it lost its name, and the rest was cut off. On a full volume no new one could be begun.
    /// </summary>
    public bool IsNeeded => logs.Any(IsToBeTurned) && !room.IsFull;

    /// <summary>Begins new ones.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        foreach (var log in logs.Where(IsToBeTurned))
        {
            log.Turn();

            // Local: without that it would be a transaction in a slave's own log.
            await session.ExecuteAsync($"FLUSH LOCAL {log.Kind.Flushed} LOGS", cancellationToken);
        }
    }

    /// <summary>The same of a server that does not run: it begins new ones with its start, which may be the next of many.</summary>
    public void TurnWhileDown()
    {
        foreach (var log in logs)
        {
            log.Turn();
        }
    }

    private bool IsToBeTurned(LogFiles log) => log.IsLarge || (switches.IsWanted(log.Kind) && !File.Exists(log.Current));
}
