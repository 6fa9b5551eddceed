using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Dbaas.Persistence.Dialects;

/// <summary>SQLite: the embedded default. Its clock is the process's own.</summary>
public sealed class SqliteDialect(string path, TimeProvider time) : IDialect
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int PrimaryKeyConstraint = 1555;
    private const int UniqueConstraint = 2067;

    // Short, because nothing can cut a wait within the library: a busy unit comes back soon, and its caller's cancellation is looked at.
    private const int BusySeconds = 1;

    /// <inheritdoc />
    public string Now => "dbaas_now()";

    /// <inheritdoc />
    public string TableOptions => "";

    /// <inheritdoc />
    public bool CommitMayGetLost => false;

    /// <inheritdoc />
    public string UnlessExists(string key) => "ON CONFLICT DO NOTHING";

    /// <inheritdoc />
    public DbConnection Open()
    {
        MakePrivate();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
            connection.CreateFunction("dbaas_now", () => time.GetUtcNow().ToUnixTimeMilliseconds());
            using var setUp = connection.CreateCommand();
            setUp.CommandText =
                $"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA "
                    + "foreign_keys = ON;";
            setUp.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Its owner's only, and so are the files that SQLite keeps beside it.</summary>
    private void MakePrivate()
    {
        if (!File.Exists(path))
        {
            using var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = OwnerOnly,
            });
        }
        else if (File.GetUnixFileMode(path) != OwnerOnly)
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    /// <inheritdoc />
    public IWriteTransaction BeginWrite(DbConnection connection) =>
        new DriverTransaction(((SqliteConnection)connection).BeginTransaction(deferred: false));

    /// <inheritdoc />
    public RetryReason? WhyRetry(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked } ? RetryReason.Busy : null;

    /// <inheritdoc />
    public bool IsDuplicateKey(Exception exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: PrimaryKeyConstraint or UniqueConstraint };

    /// <summary>Never: a statement and the note that it has run are one transaction here.</summary>
    public bool IsAlreadyThere(Exception exception) => false;
}
