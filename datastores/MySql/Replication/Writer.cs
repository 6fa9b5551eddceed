using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>A client's session.</summary>
/// <param name="Thread">Its number.</param>
/// <param name="Transaction">The open transaction in which it has changed or locked rows; null: there is none.</param>
internal sealed record Writer(string Thread, string? Transaction)
{
    /// <summary>
    /// All sessions in which clients could write: not the agent's, not those of slaves and backups, and none of the engine's own threads.
    /// (What an event does runs in a session of who made it.)
    /// </summary>
    public static async Task<IReadOnlyList<Writer>> ListAsync(Flavor flavor, Session session, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            "SELECT p.ID, t.trx_id, p.USER FROM information_schema.PROCESSLIST p "
            + "LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID AND t.trx_lock_structs > 0 "
            + "WHERE p.COMMAND <> 'Daemon' AND p.COMMAND NOT LIKE 'Binlog Dump%' "
            + "AND p.USER NOT IN (@agent, 'system user', 'event_scheduler', 'unauthenticated user')",
            cancellationToken,
            ("agent", ServerConnections.Administrator));
        return
        [
            .. rows.Where(row => !ReplicationUsers.IsOurs(row[2]!) && !flavor.IsSystemUser(row[2]!))
                .Select(row => new Writer(row[0]!, row[1])),
        ];
    }
}
