using System.Data;
using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Dbaas.Persistence.Dialects;

/// <summary>MariaDB, in production a Galera cluster: nodes are tried in turn, starting with the one that worked last.</summary>
public sealed class MySqlDialect : IDialect
{
    private const uint ConnectSeconds = 5;
    private const uint StatementSeconds = 20;
    private readonly string[] nodes;
    private int preferred;

    /// <summary>Takes a connection string for each node.</summary>
    public MySqlDialect(IReadOnlyList<string> connectionStrings)
    {
        ArgumentOutOfRangeException.ThrowIfZero(connectionStrings.Count);
        nodes = [.. connectionStrings.Select(Complete)];
    }

    /// <inheritdoc />
    public string Now => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

    /// <summary>NOPAD: otherwise "a" and "a " would be the same key, and in SQLite they are not.</summary>
    public string TableOptions => "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

    /// <inheritdoc />
    public string AddColumn => "ADD COLUMN IF NOT EXISTS";

    /// <inheritdoc />
    public bool CommitMayGetLost => true;

    /// <inheritdoc />
    public string UnlessExists(string key) => $"ON DUPLICATE KEY UPDATE {key} = {key}";

    /// <inheritdoc />
    public DbConnection Open()
    {
        var first = Volatile.Read(ref preferred);
        for (var tried = 1; ; tried++)
        {
            var index = (first + tried - 1) % nodes.Length;
            try
            {
                var connection = Open(nodes[index]);
                Volatile.Write(ref preferred, index);
                return connection;
            }
            catch (DbException) when (tried < nodes.Length)
            {
                // The next one, then. The last one's answer is the caller's.
            }
        }
    }

    /// <inheritdoc />
    public DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    /// <inheritdoc />
    public bool IsWorthRetrying(Exception exception) => MySqlErrors.IsWorthRetrying(exception);

    /// <inheritdoc />
    public bool IsDuplicateKey(Exception exception) => exception is MySqlException { Number: MySqlErrors.DuplicateEntry };

    private static string Complete(string connectionString) => new MySqlConnectionStringBuilder(connectionString)
    {
        // Every thread keeps a connection of its own, and a row count means rows found, changed or not.
        Pooling = false,
        UseAffectedRows = false,
        CharacterSet = "utf8mb4",
        ConnectionTimeout = ConnectSeconds,
        DefaultCommandTimeout = StatementSeconds,
    }.ConnectionString;

    private static MySqlConnection Open(string connectionString)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            connection.Open();

            // By itself and first: the driver knows no utf8mb3, which servers use for system text unless told so; see docs/decisions.
            Execute(connection, "SET NAMES utf8mb4");

            // UTC has no hour that comes twice. A value that does not fit is an error. A lock is waited for less long than a statement.
            // On a cluster reads wait for what other nodes have committed.
            Execute(
                connection,
                "SET SESSION time_zone = '+00:00', sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = 5, wsrep_sync_wait = 1");
            CheckThatItWrites(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CheckThatItWrites(MySqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT CASE WHEN @@GLOBAL.read_only = 1 THEN 'is read only' WHEN @@wsrep_on = 1 AND VARIABLE_VALUE <> 'ON' THEN 'has lost its cluster' END
            FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_READY'
            """;
        if (command.ExecuteScalar() is string reason)
        {
            throw new NodeNotReadyException($"The database node {connection.DataSource} {reason}.");
        }
    }

    private static void Execute(MySqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
