using System.Data;
using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Dbaas.Persistence.Dialects;

/// <summary>MariaDB or MySQL, in production a Galera cluster: nodes are tried in turn, starting with the one that worked last.</summary>
public sealed class MySqlDialect(IReadOnlyList<string> connectionStrings) : IDialect
{
    private int preferred;

    /// <inheritdoc />
    public string Now => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

    /// <inheritdoc />
    public string TableOptions => "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

    /// <inheritdoc />
    public string InsertOrIgnore => "INSERT IGNORE";

    /// <inheritdoc />
    public DbConnection Open()
    {
        MySqlException? last = null;
        for (var i = 0; i < connectionStrings.Count; i++)
        {
            var index = (preferred + i) % connectionStrings.Count;
            var connection = new MySqlConnection(connectionStrings[index]);
            try
            {
                connection.Open();
                using var setUp = connection.CreateCommand();
                // The driver does not know utf8mb3, which servers use for system text unless told so; see docs/decisions.
                setUp.CommandText = "SET NAMES utf8mb4";
                setUp.ExecuteNonQuery();
                preferred = index;
                return connection;
            }
            catch (MySqlException e)
            {
                connection.Dispose();
                last = e;
            }
        }

        preferred = (preferred + 1) % connectionStrings.Count;
        throw last!;
    }

    /// <inheritdoc />
    public DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    /// <inheritdoc />
    public bool IsWorthRetrying(Exception exception) => exception is MySqlException e && (MySqlErrors.Retry.Contains(e.Number)
        || e.InnerException is System.IO.IOException or System.Net.Sockets.SocketException or TimeoutException);

    /// <inheritdoc />
    public bool IsDuplicateKey(Exception exception) => exception is MySqlException { Number: MySqlErrors.DuplicateEntry };
}
