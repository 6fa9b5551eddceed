using System.Data.Common;

namespace Dbaas.Persistence.Dialects;

/// <summary>A driver's own transaction.</summary>
internal sealed class DriverTransaction(DbTransaction transaction) : IWriteTransaction
{
    public DbTransaction OfDriver => transaction;

    public void Commit() => transaction.Commit();

    public void Dispose() => transaction.Dispose();
}
