using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Dbaas.Persistence.Dialects;

/// <summary>SQLite: the embedded default. Its clock is the process's own.</summary>
public sealed class SqliteDialect(string path, TimeProvider time) : IDialect
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Constraint = 19;

    /// <inheritdoc />
    public string Now => "dbaas_now()";

    /// <inheritdoc />
    public string TableOptions => "";

    /// <inheritdoc />
    public string InsertOrIgnore => "INSERT OR IGNORE";

    /// <inheritdoc />
    public DbConnection Open()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        connection.CreateFunction("dbaas_now", () => time.GetUtcNow().ToUnixTimeMilliseconds());
        using var setUp = connection.CreateCommand();
        setUp.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";
        setUp.ExecuteNonQuery();
        return connection;
    }

    /// <inheritdoc />
    public DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    /// <inheritdoc />
    public bool IsWorthRetrying(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <inheritdoc />
    public bool IsDuplicateKey(Exception exception) => exception is SqliteException { SqliteErrorCode: Constraint };
}
