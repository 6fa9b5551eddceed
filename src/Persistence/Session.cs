using System.Data.Common;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>One thread's connection, opened when it is first used.</summary>
internal sealed class Session(IDialect dialect) : IDisposable
{
    private DbConnection? connection;

    public DbConnection Connection => connection ??= dialect.Open();

    public void Close()
    {
        connection?.Dispose();
        connection = null;
    }

    public void Dispose() => Close();
}
