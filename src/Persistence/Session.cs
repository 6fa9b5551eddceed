using System.Data.Common;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>One thread's connection, opened when it is first used.</summary>
internal sealed class Session(IDialect dialect) : IDisposable
{
    private DbConnection? connection;

    public DbConnection Connection => connection ??= dialect.Open();

    /// <summary>The mark of the last unit that this session committed; see <see cref="CommitMarks"/>.</summary>
    public string LastMark { get; set; } = "";

    public void Close()
    {
        var old = connection;
        connection = null;
        try
        {
            old?.Dispose();
        }
        catch (Exception e) when (e is DbException or IOException or InvalidOperationException)
        {
            // Saying goodbye over a dead connection may fail. It is gone either way.
        }
    }

    public void Dispose() => Close();
}
