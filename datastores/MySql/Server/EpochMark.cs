using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The epoch, kept inside the data, so that every copy of the data carries it: backups, clones, and folders copied by hand.
/// Rows written while the log is off are in no log; a copy from before them would follow the next log without them, and nothing would show
/// it.
/// </summary>
internal static class EpochMark
{
    /// <summary>How far GTIDs are raised above all that may have been given out.</summary>
    public const long Jump = 1_000_000;

    private const string Table = "mysql.dbaas_epoch";

    /// <summary>The epoch that the data belongs to; null: none.</summary>
    public static async Task<string?> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var exists = await session.NumberAsync(
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'mysql' AND table_name = 'dbaas_epoch'",
            cancellationToken);
        return exists == 0 ? null : await session.TextAsync($"SELECT epoch FROM {Table}", cancellationToken);
    }

    /// <summary>
    /// Marks the data with the state's epoch. With the log on this is the first transaction of the epoch, and it raises the GTIDs;
    /// repeated, it finds the mark and does nothing.
    /// </summary>
    public static async Task WriteAsync(Flavor flavor, Session session, MemberState state, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(session, cancellationToken);
        if (present == state.Epoch)
        {
            return;
        }

        if (state.Epoch is null)
        {
            await flavor.LiftReadOnlyAsync(session, cancellationToken);
            await session.ExecuteAsync($"DELETE FROM {Table}", cancellationToken);
            return;
        }

        await flavor.LiftReadOnlyAsync(session, cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        await session.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS {Table} (id TINYINT PRIMARY KEY, epoch VARCHAR(64) NOT NULL) ENGINE = InnoDB", cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 1", cancellationToken);
        await flavor.RaiseGtidAsync(session, state.GtidFloor, cancellationToken);
        await session.ExecuteAsync($"REPLACE INTO {Table} VALUES (1, @epoch)", cancellationToken, ("epoch", state.Epoch));
    }
}
