using Dapper;
using MySql.Data.MySqlClient;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>An open connection. The driver's calls block, so each runs on another thread; its exceptions become the contract's.</summary>
internal sealed class Session(MySqlConnection connection) : IAsyncDisposable
{
    /// <summary>Runs a statement.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken, object? parameters = null, TimeSpan? timeout = null) =>
        RunAsync(() => connection.Execute(sql, parameters, commandTimeout: Seconds(timeout)), cancellationToken);

    /// <summary>The first column of the first row.</summary>
    public Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken, object? parameters = null, TimeSpan? timeout = null) =>
        RunAsync(() => connection.ExecuteScalar<T?>(sql, parameters, commandTimeout: Seconds(timeout)), cancellationToken);

    /// <summary>All rows.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken cancellationToken, object? parameters = null) =>
        RunAsync<IReadOnlyList<T>>(() => connection.Query<T>(sql, parameters).AsList(), cancellationToken);

    /// <summary>All rows, each as texts by column name: for the SHOW statements.</summary>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ShowAsync(string sql, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<IReadOnlyDictionary<string, string?>>>(
            () =>
            {
                using var command = new MySqlCommand(sql, connection);
                using var reader = command.ExecuteReader();
                var rows = new List<IReadOnlyDictionary<string, string?>>();
                while (reader.Read())
                {
                    rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                        reader.GetName,
                        i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)));
                }

                return rows;
            },
            cancellationToken);

    public async ValueTask DisposeAsync() => await Task.Run(connection.Dispose);

    private static int? Seconds(TimeSpan? timeout) => timeout is { } time ? (int)time.TotalSeconds : null;

    private static async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        catch (MySqlException e)
        {
            throw Faults.Of(e);
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidOperationException)
        {
            throw Faults.Transient("The connection to the database server was lost.", e);
        }
    }
}
