using Dbaas.Benchmarks.Bare;

namespace Dbaas.Benchmarks.SlaveToActive;

/// <summary>Rows in the master: random, so that nothing can be clever about them.</summary>
internal static class MasterData
{
    private const int RowBytes = 1000;
    private const int RowsAtOnce = 32 * 1024;

    public static async Task FillAsync(string socket, int megabytes, CancellationToken cancellationToken)
    {
        await LocalSql.RunAsync(
            socket,
            $"CREATE DATABASE bench; CREATE TABLE bench.t (id INT PRIMARY KEY, body VARBINARY({RowBytes})) ENGINE=InnoDB",
            cancellationToken);
        var rows = (int)(megabytes * 1024L * 1024 / RowBytes);
        for (var first = 1; first <= rows; first += RowsAtOnce)
        {
            var last = Math.Min(rows, first + RowsAtOnce - 1);
            // The sequence engine's tables live in the current database.
            await LocalSql.RunAsync(
                socket, $"USE bench; INSERT INTO t SELECT seq, RANDOM_BYTES({RowBytes}) FROM seq_{first}_to_{last}", cancellationToken);
        }
    }
}
