using System.Data;
using System.Data.Common;
using MySqlConnector;

namespace Dbaas.Persistence.Dialects;

/// <summary>MariaDB or MySQL, in production a Galera cluster: nodes are tried in turn, starting with the one that worked last.</summary>
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

    /// <summary>
    /// Collations without padding: otherwise "a" and "a " would be the same key, and in SQLite they are not. Each server reads the comment
    /// that is for it: MariaDB skips MySQL's of version 8, and MySQL those with an M.
    /// </summary>
    public string TableOptions =>
        "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80017 utf8mb4_0900_bin */";

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
    public bool IsDuplicateKey(Exception exception) => exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    /// <inheritdoc />
    public bool IsAlreadyThere(Exception exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateFieldName or MySqlErrorCode.DuplicateKeyName };

    private static string Complete(string connectionString) => new MySqlConnectionStringBuilder(connectionString)
    {
        // Every thread keeps a connection of its own, and a row count means rows found, changed or not.
        Pooling = false,
        UseAffectedRows = false,
        GuidFormat = MySqlGuidFormat.None,
        ConnectionTimeout = ConnectSeconds,
        DefaultCommandTimeout = StatementSeconds,
    }.ConnectionString;

    private static MySqlConnection Open(string connectionString)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            connection.Open();

            // UTC has no hour that comes twice. A value that does not fit is an error. A lock is waited for less long than a statement.
            Execute(connection, "SET SESSION time_zone = '+00:00', sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = 5");
            var isMember = IsOn(connection, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
            var refusal =
                IsOn(connection, "SHOW GLOBAL VARIABLES LIKE 'read_only'") ? "is read only"
                : isMember && !IsOn(connection, "SHOW GLOBAL STATUS LIKE 'wsrep_ready'") ? "has lost its cluster"
                : null;
            if (refusal is not null)
            {
                throw new NodeNotReadyException($"The database node {connection.DataSource} {refusal}.");
            }

            if (isMember)
            {
                // Reads wait for what other nodes have committed.
                Execute(connection, "SET SESSION wsrep_sync_wait = 1");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the name that is looked up is there, and on. MySQL knows nothing of clusters by Galera.</summary>
    private static bool IsOn(MySqlConnection connection, string lookUp)
    {
        using var command = connection.CreateCommand();
        command.CommandText = lookUp;
        using var reader = command.ExecuteReader();
        return reader.Read() && string.Equals(reader.GetString(1), "ON", StringComparison.OrdinalIgnoreCase);
    }

    private static void Execute(MySqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
