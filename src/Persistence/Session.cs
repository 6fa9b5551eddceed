using System.Data.Common;
using System.Diagnostics;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>
/// One thread's connection, opened when it is first used, and anew from time to time: so a node that was away is come back to.
/// </summary>
internal sealed class Session(IDialect dialect, TimeSpan longest) : IDisposable
{
    private readonly Stopwatch since = new();
    private DbConnection? connection;

    public DbConnection Connection => connection ??= Open();

    /// <summary>The mark of the last unit that this session committed; see <see cref="CommitMarks"/>.</summary>
    public string LastMark { get; set; } = "";

    /// <summary>Between two units: gives up a connection that is old, or whose node others have found to be bad.</summary>
    public void Refresh()
    {
        if (connection is { } current && (since.Elapsed > longest || dialect.IsWorn(current)))
        {
            Close();
        }
    }

    /// <summary>A unit failed. A connection on which anything went wrong may hold half a conversation: it is not used again.</summary>
    public void Fail(Exception exception)
    {
        if (connection is { } current)
        {
            dialect.Blame(current, exception);
        }

        Close();
    }

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

    private DbConnection Open()
    {
        var opened = dialect.Open();
        since.Restart();
        return opened;
    }
}
