using System.Data.Common;
using Dapper;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence;

internal sealed class Unit(DbConnection connection, DbTransaction? transaction, IDialect dialect, SecretBox secrets) : IUnit
{
    static Unit() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public IDialect Dialect => dialect;

    public SecretBox Secrets => secrets;

    public int Execute(string sql, object? parameters = null) => connection.Execute(sql, parameters, transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) =>
        connection.Query<T>(sql, parameters, transaction).AsList();

    public T? First<T>(string sql, object? parameters = null) => connection.QueryFirstOrDefault<T>(sql, parameters, transaction);
}
