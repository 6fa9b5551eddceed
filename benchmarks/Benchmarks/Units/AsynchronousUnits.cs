using System.Collections.Concurrent;
using System.Data;
using Dapper;
using MySqlConnector;

namespace Dbaas.Benchmarks.Units;

/// <summary>The same unit of work, each statement awaited: what the control plane would do without threads of its own.</summary>
internal sealed class AsynchronousUnits : IAsyncDisposable
{
    private readonly ConcurrentBag<(MySqlConnection Connection, string Mark)> free = [];
    private readonly SemaphoreSlim places;
    private long marks;

    private AsynchronousUnits(int connections) => places = new SemaphoreSlim(connections);

    public static async Task<AsynchronousUnits> OpenAsync(string connectionString, int connections)
    {
        var units = new AsynchronousUnits(connections);
        for (var index = 0; index < connections; index++)
        {
            var connection = new MySqlConnection(connectionString);
            await connection.OpenAsync();
            await connection.ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS twin_marks (mark VARCHAR(64) NOT NULL PRIMARY KEY, marked BIGINT NOT NULL); INSERT "
                    + "INTO twin_marks VALUES (@mark, 0)",
                new { mark = $"first-{index}" });
            units.free.Add((connection, $"first-{index}"));
        }

        return units;
    }

    public async Task RunAsync(string change, string name, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            _ = free.TryTake(out var taken);
            var mark = $"mark-{Interlocked.Increment(ref marks)}";
            await using (var transaction = await taken.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken))
            {
                await taken.Connection.ExecuteAsync(
                    "UPDATE twin_marks SET mark = @mark, marked = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) WHERE mark = @last",
                    new { mark, last = taken.Mark },
                    transaction);
                await taken.Connection.ExecuteAsync(change, new { name }, transaction);
                await transaction.CommitAsync(cancellationToken);
            }

            free.Add((taken.Connection, mark));
        }
        finally
        {
            places.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (connection, _) in free)
        {
            await connection.DisposeAsync();
        }

        places.Dispose();
    }
}
