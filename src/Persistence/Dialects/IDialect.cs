using System.Data.Common;

namespace Dbaas.Persistence.Dialects;

/// <summary>What differs between the databases that can hold the control plane's data.</summary>
public interface IDialect
{
    /// <summary>Opens a connection and sets it up. The only place that does.</summary>
    DbConnection Open();

    /// <summary>A unit failed on this connection. What it says of the connection's node is remembered.</summary>
    void Blame(DbConnection connection, Exception exception)
    {
    }

    /// <summary>Its node was found to hang, or to take no writes, since this connection was made: another one would be better.</summary>
    bool IsWorn(DbConnection connection) => false;

    /// <summary>Begins a transaction that is going to write.</summary>
    IWriteTransaction BeginWrite(DbConnection connection);

    /// <summary>The database's clock in Unix milliseconds, as an SQL expression: leases are judged by it.</summary>
    string Now { get; }

    /// <summary>Put behind every CREATE TABLE.</summary>
    string TableOptions { get; }

    /// <summary>A commit may succeed without the client hearing of it, because there is a network between them.</summary>
    bool CommitMayGetLost { get; }

    /// <summary>
    /// Put behind an INSERT: a row with the same key stays as it is. Unlike INSERT IGNORE this forgives nothing else, such as a value too
    /// long.
    /// </summary>
    /// <param name="key">A column of the table's key.</param>
    string UnlessExists(string key);

    /// <summary>Why the whole unit may be run again; null: it may not, since the same would come of it.</summary>
    RetryReason? WhyRetry(Exception exception);

    /// <summary>A row with this key exists.</summary>
    bool IsDuplicateKey(Exception exception);

    /// <summary>
    /// A column or an index of this name exists: the statement that makes it had run when the program died. Never so where a statement and
    /// the note that it has run are one transaction.
    /// </summary>
    bool IsAlreadyThere(Exception exception);
}
