using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The server's error log does not grow for ever: one that is large gets another name, and takes the place of the one before it. It is the
/// server's own, in a folder of its user: nothing is copied or cut, a name is changed, and the server begins a new file.
/// </summary>
internal sealed class ServerLog(ServerLayout layout, ServerConnections connections, VolumeRoom room)
{
    /// <summary>Two of these are on the volume at most, and what is written between two looks.</summary>
    public const long Largest = 8 << 20;

    /// <summary>It is large.</summary>
    public bool IsLarge => new FileInfo(layout.ErrorLog) is { Exists: true, Length: > Largest };

    /// <summary>It is large; or it lost its name, and the rest was cut off. On a full volume no new one could be begun.</summary>
    public bool IsToBeTurned => (IsLarge || !File.Exists(layout.ErrorLog)) && !room.IsFull;

    /// <summary>Begins a new one.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        TurnWhileDown();
        await using var session = await connections.OpenAsync(cancellationToken);

        // Local: without that it would be a transaction in a slave's own log.
        await session.ExecuteAsync("FLUSH LOCAL ERROR LOGS", cancellationToken);
    }

    /// <summary>The same of a server that does not run: it begins a new one with its start, which may be the next of many.</summary>
    public void TurnWhileDown()
    {
        if (IsLarge)
        {
            File.Move(layout.ErrorLog, layout.ErrorLog + ".1", overwrite: true);
        }
    }
}
