using System.Data.Common;
using System.Runtime.CompilerServices;
using MySqlConnector;

namespace Dbaas.Persistence.Dialects;

/// <summary>MariaDB or MySQL, in production a Galera cluster: a connection is made to one node of several.</summary>
public sealed class MySqlDialect : IDialect
{
    private const uint ConnectSeconds = 5;

    // A node that hangs answers nothing, and its connection does not break: this is how long a unit waits until another node is asked.
    private const uint StatementSeconds = 15;
    private readonly string[] nodes;
    private readonly NodeOrder order;
    private readonly ConditionalWeakTable<DbConnection, Place> places = [];

    /// <summary>Takes a connection string for each node.</summary>
    public MySqlDialect(IReadOnlyList<string> connectionStrings, NodeChoice choice = NodeChoice.PreferFirst)
    {
        ArgumentOutOfRangeException.ThrowIfZero(connectionStrings.Count);
        nodes = [.. connectionStrings.Select(Complete)];

        // Not all processes begin with the same one.
        order = new NodeOrder(nodes.Length, choice, Random.Shared.Next(nodes.Length), TimeProvider.System);
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
        var (indexes, tried) = (order.Next(), 0);
        while (true)
        {
            var index = indexes[tried++];
            try
            {
                var connection = Open(nodes[index]);
                order.Tried(index, worked: true);
                places.Add(connection, new Place(index, TimeProvider.System.GetTimestamp()));
                return connection;
            }
            catch (DbException)
            {
                order.Tried(index, worked: false);
                if (tried == indexes.Length)
                {
                    // The last one's answer is the caller's.
                    throw;
                }
            }
        }
    }

    /// <summary>
    /// A connection that was lost says nothing: whoever makes the next one hears how the node is. But each of those that are open to a node
    /// that hangs would be waited for.
    /// </summary>
    public void Blame(DbConnection connection, Exception exception)
    {
        if (WhyRetry(exception) is RetryReason.Timeout or RetryReason.NotReady or RetryReason.ReadOnly
            && places.TryGetValue(connection, out var place))
        {
            order.Tried(place.Index, worked: false);
        }
    }

    /// <inheritdoc />
    public bool IsWorn(DbConnection connection) =>
        places.TryGetValue(connection, out var place) && order.HasFailedSince(place.Index, place.OpenedAt);

    /// <inheritdoc />
    public IWriteTransaction BeginWrite(DbConnection connection) => new StatementTransaction(connection);

    /// <inheritdoc />
    public RetryReason? WhyRetry(Exception exception) => MySqlErrors.WhyRetry(exception);

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

        // To end a statement in good order the driver would ask the node that does not answer.
        CancellationTimeout = -1,
    }.ConnectionString;

    private static MySqlConnection Open(string connectionString)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            connection.Open();

            // UTC has no hour that comes twice. A value that does not fit is an error. A lock is waited for less long than a statement.
            Execute(connection, "SET SESSION time_zone = '+00:00', sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = 5");
            Execute(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
            var isMember = IsOn(connection, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
            if (IsOn(connection, "SHOW GLOBAL VARIABLES LIKE 'read_only'"))
            {
                throw new NodeNotReadyException(RetryReason.ReadOnly, $"The database node {connection.DataSource} is read only.");
            }

            if (isMember && !IsOn(connection, "SHOW GLOBAL STATUS LIKE 'wsrep_ready'"))
            {
                throw new NodeNotReadyException(RetryReason.NotReady, $"The database node {connection.DataSource} has lost its cluster.");
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

    private sealed record Place(int Index, long OpenedAt);
}
