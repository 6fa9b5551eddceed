using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// Which events were on when a master's writes were stopped, inside the data: by the log it comes to the slave that takes over, where the
/// engine does not say it of events that came by the log.
/// </summary>
internal static class EventsOfTheMaster
{
    private const string Table = "mysql.dbaas_events";

    /// <summary>Writes down which are on. Repeated, it finds them written down, and logs nothing.</summary>
    public static async Task NoteAsync(Session session, CancellationToken cancellationToken)
    {
        var on = await session.RowsAsync(
            "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE STATUS = 'ENABLED'", cancellationToken);
        if ((await ReadAsync(session, cancellationToken)).SetEquals(on.Select(row => (row[0]!, row[1]!))))
        {
            return;
        }

        await session.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS {Table} (event_schema VARCHAR(64) NOT NULL, event_name VARCHAR(64) NOT NULL, "
            + "PRIMARY KEY (event_schema, event_name)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            cancellationToken);
        await session.ExecuteAsync("BEGIN", cancellationToken);
        await session.ExecuteAsync($"DELETE FROM {Table}", cancellationToken);
        foreach (var row in on)
        {
            await session.ExecuteAsync(
                $"INSERT INTO {Table} VALUES (@schema, @name)", cancellationToken, ("schema", row[0]), ("name", row[1]));
        }

        await session.ExecuteAsync("COMMIT", cancellationToken);
    }

    /// <summary>Those that are written down, by schema and name.</summary>
    public static async Task<HashSet<(string Schema, string Name)>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var exists = await session.NumberAsync(
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'mysql' AND table_name = 'dbaas_events'",
            cancellationToken);
        return exists == 0
            ? []
            : [.. (await session.RowsAsync($"SELECT event_schema, event_name FROM {Table}", cancellationToken))
                .Select(row => (row[0]!, row[1]!))];
    }

    /// <summary>Clients write again, and change events: what is written down is of the past.</summary>
    public static async Task ForgetAsync(Session session, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(session, cancellationToken)).Count > 0)
        {
            await session.ExecuteAsync($"DELETE FROM {Table}", cancellationToken);
        }
    }
}
