using System.Data.Common;
using System.Runtime.ExceptionServices;
using Dapper;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence;

/// <summary>A unit on a connection; without a transaction it only reads.</summary>
internal sealed class Unit(
    DbConnection connection, IWriteTransaction? transaction, IDialect dialect, SecretBox secrets, Origin origin, bool notifies) : IUnit
{
    private Exception? rolledBack;

    static Unit() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public IDialect Dialect => dialect;

    public SecretBox Secrets => secrets;

    public Origin Origin => origin;

    public bool Notifies => notifies;

    public int Execute(string sql, object? parameters = null)
    {
        if (transaction is null)
        {
            throw new InvalidOperationException("A unit that reads cannot write: there is no transaction around it.");
        }

        return Watch(() => connection.Execute(sql, parameters, transaction.OfDriver));
    }

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) =>
        Watch(() => connection.Query<T>(sql, parameters, transaction?.OfDriver).AsList());

    public T? First<T>(string sql, object? parameters = null) =>
        Watch(() => connection.QueryFirstOrDefault<T>(sql, parameters, transaction?.OfDriver));

    /// <summary>
    /// The database has rolled the transaction back (a deadlock does): what came behind it, in work that caught the exception, was outside
    /// of any transaction and must not be taken for a success.
    /// </summary>
    public void ThrowIfRolledBack()
    {
        if (rolledBack is not null)
        {
            ExceptionDispatchInfo.Throw(rolledBack);
        }
    }

    private T Watch<T>(Func<T> statement)
    {
        ThrowIfRolledBack();
        try
        {
            return statement();
        }
        catch (Exception e) when (dialect.WhyRetry(e) is not null)
        {
            rolledBack = e;
            throw;
        }
    }
}
