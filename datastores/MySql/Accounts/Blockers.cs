using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>Who may hold what a statement waits for.</summary>
internal static class Blockers
{
    private const int Named = 3;

    /// <summary>
    /// A sentence: clients that are in a transaction, the oldest first. (Locks of tables are in no list that both engines always have.)
    /// </summary>
    public static async Task<string> DescribeAsync(Session session, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            "SELECT p.ID, p.USER, p.HOST, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) FROM information_schema.INNODB_TRX t "
            + "JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id WHERE p.ID <> CONNECTION_ID() ORDER BY t.trx_started",
            cancellationToken);
        return rows.Count == 0
            ? "another session holds a lock on it. Try again when it has ended."
            : "another session holds a lock on it. In a transaction are: "
                + string.Join(", ", rows.Take(Named).Select(row => $"session {row[0]} of {row[1]} from {row[2]} for {row[3]} s"))
                + (rows.Count > Named ? $", and {rows.Count - Named} more." : ".");
    }
}
