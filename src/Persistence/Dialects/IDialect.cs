using System.Data.Common;

namespace Dbaas.Persistence.Dialects;

/// <summary>What differs between the databases that can hold the control plane's data.</summary>
public interface IDialect
{
    /// <summary>Opens a connection and sets it up. The only place that does.</summary>
    DbConnection Open();

    /// <summary>Begins a transaction that is going to write.</summary>
    DbTransaction BeginWrite(DbConnection connection);

    /// <summary>The database's clock in Unix milliseconds, as an SQL expression: leases are judged by it.</summary>
    string Now { get; }

    /// <summary>Put behind every CREATE TABLE.</summary>
    string TableOptions { get; }

    /// <summary>Begins an INSERT that leaves a row with the same key as it is.</summary>
    string InsertOrIgnore { get; }

    /// <summary>The whole unit may be run again.</summary>
    bool IsWorthRetrying(Exception exception);

    /// <summary>A row with this key exists.</summary>
    bool IsDuplicateKey(Exception exception);
}
