using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Writes, changes tables, and ends the connections of whoever copies the data, until it is disposed of.</summary>
internal sealed class Disturbance : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Task<Session>> _open;
    private readonly Task[] _work;

    /// <param name="open">Sessions of an administrator.</param>
    /// <param name="database">To write in.</param>
    /// <param name="copying">Which connections copy.</param>
    public Disturbance(Func<Task<Session>> open, string database, string copying)
    {
        _open = open;
        _work =
        [
            SayAsync(
                $"CREATE TABLE IF NOT EXISTS {database}.busy (n INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)",
                $"INSERT INTO {database}.busy (b) VALUES (REPEAT('x', 100000))",
                $"UPDATE {database}.busy SET b = REPEAT('y', 100000)",
                $"ALTER TABLE {database}.busy ADD COLUMN m INT, ALGORITHM = INPLACE",
                $"ALTER TABLE {database}.busy DROP COLUMN m, ALGORITHM = INPLACE",
                $"OPTIMIZE TABLE {database}.busy",
                $"DELETE FROM {database}.busy WHERE n % 20 = 0"),
            EndAsync(copying),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_work);
        _stop.Dispose();
    }

    private async Task SayAsync(params string[] statements)
    {
        await using var session = await _open();
        for (var next = 0; !_stop.IsCancellationRequested; next++)
        {
            await session.ExecuteAsync(statements[next % statements.Length], CancellationToken.None);
        }
    }

    private async Task EndAsync(string copying)
    {
        await using var session = await _open();
        while (!_stop.IsCancellationRequested)
        {
            await session.ExecuteAsync("DO SLEEP(0.02)", CancellationToken.None);
            foreach (var connection in await session.TextsAsync(copying, CancellationToken.None))
            {
                try
                {
                    await session.ExecuteAsync($"KILL {connection}", CancellationToken.None);
                }
                catch (DatastoreException)
                {
                    // It ended by itself.
                }
            }
        }
    }
}
