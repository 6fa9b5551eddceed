using Dapper;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Tests.Support;

public sealed class MySqlControlDatabase(MySql mySql) : ControlDatabase
{
    private static int count;

    public override async Task<IDialect> NewEmptyAsync()
    {
        var name = $"control_{Interlocked.Increment(ref count)}";
        using var connection = new MySqlDialect([await mySql.ConnectionStringAsync()]).Open();
        connection.Execute($"CREATE DATABASE {name}");
        return new MySqlDialect([await mySql.ConnectionStringAsync(name)]);
    }
}
