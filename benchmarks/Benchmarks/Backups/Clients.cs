using System.Diagnostics;
using MySqlConnector;

namespace Dbaas.Benchmarks.Backups;

/// <summary>A few clients at a steady pace, each of whose writes is timed.</summary>
internal sealed class Clients(string connection, int rows) : IAsyncDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<double> taken = [];
    private Task running = Task.CompletedTask;

    /// <summary>They begin.</summary>
    public void Start() => running = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(seed => Task.Run(() => WorkAsync(new Random(seed)))));

    /// <summary>They stop.</summary>
    /// <returns>The time that 99 of 100 writes did not exceed, in milliseconds, and how many there were.</returns>
    public async Task<(double Percentile, int Count)> StopAsync()
    {
        await stopping.CancelAsync();
        await running;
        var sorted = taken.Order().ToList();
        return (sorted[(int)(sorted.Count * 0.99)], sorted.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task WorkAsync(Random random)
    {
        await using var session = new MySqlConnection(connection);
        await session.OpenAsync();
        await using var command = session.CreateCommand();
        command.CommandText = "UPDATE bench.t SET touched = touched + 1 WHERE id = @id";
        var id = command.Parameters.AddWithValue("@id", 0);
        while (!stopping.IsCancellationRequested)
        {
            id.Value = random.Next(1, rows);
            var begun = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync();
            var took = Stopwatch.GetElapsedTime(begun);
            lock (taken)
            {
                taken.Add(took.TotalMilliseconds);
            }

            await Task.Delay(took < Every ? Every - took : TimeSpan.Zero);
        }
    }
}
