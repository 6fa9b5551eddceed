using Dapper;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Tests.Support;

public sealed class MariaDbControlDatabase(MariaDb mariaDb) : ControlDatabase
{
    private static int count;

    public override Task<IDialect> NewEmptyAsync()
    {
        var name = $"control_{Interlocked.Increment(ref count)}";
        using var connection = new MySqlDialect([mariaDb.Server.ConnectionString()]).Open();
        connection.Execute($"CREATE DATABASE {name}");
        return Task.FromResult<IDialect>(new MySqlDialect([mariaDb.Server.ConnectionString(name)]));
    }
}
