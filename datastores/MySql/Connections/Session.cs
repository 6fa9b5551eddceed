using System.Data.Common;
using System.Globalization;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>An open connection. Parameters are named in statements as <c>@name</c>; the driver's exceptions become the contract's.</summary>
internal sealed class Session(MySqlConnection connection) : IAsyncDisposable
{
    /// <summary>For an answer that comes at the end of a time which the server keeps.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs a statement.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        RunAsync(sql, timeout: null, parameters, command => command.ExecuteNonQueryAsync(cancellationToken));

    /// <summary>Runs a statement that may take longer than others.</summary>
    public Task ExecuteAsync(string sql, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(sql, timeout, [], command => command.ExecuteNonQueryAsync(cancellationToken));

    /// <summary>The first column of the first row, as text; null also when there is no row.</summary>
    public Task<string?> TextAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        RunAsync(sql, timeout: null, parameters, async command => Text(await command.ExecuteScalarAsync(cancellationToken)));

    /// <summary>The first column of the first row, as a whole number; null also when there is no row.</summary>
    public async Task<long?> NumberAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        await TextAsync(sql, cancellationToken, parameters) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The number that a query answers when a position is reached, or <c>@seconds</c> are over.</summary>
    public async Task<long?> WaitAsync(string sql, string position, TimeSpan patience, CancellationToken cancellationToken)
    {
        // No time at all means for ever, to one of the engines.
        var seconds = Math.Max(0.001, patience.TotalSeconds);
        var text = await RunAsync(
            sql,
            patience + Grace,
            [("position", position), ("seconds", seconds)],
            async command => Text(await command.ExecuteScalarAsync(cancellationToken)));
        return text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The first column of all rows.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        [.. (await RowsAsync(sql, cancellationToken, parameters)).Select(row => row[0] ?? "")];

    /// <summary>All rows, as texts in the order of their columns.</summary>
    public Task<IReadOnlyList<IReadOnlyList<string?>>> RowsAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        ReadAsync<IReadOnlyList<string?>>(
            sql, parameters, reader => [.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))], cancellationToken);

    /// <summary>All rows, each as texts by column name: for the SHOW statements.</summary>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ShowAsync(string sql, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<string, string?>>(
            sql,
            [],
            reader => Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => Text(reader.GetValue(i))),
            cancellationToken);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<T>>(
            sql,
            timeout: null,
            parameters,
            async command =>
            {
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows;
            });

    private static string? Text(object? value) => value is null or DBNull ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

    private async Task<T> RunAsync<T>(
        string sql, TimeSpan? timeout, (string Name, object? Value)[] parameters, Func<MySqlCommand, Task<T>> work)
    {
        try
        {
            await using var command = new MySqlCommand(sql, connection);
            if (timeout is { } time)
            {
                command.CommandTimeout = (int)time.TotalSeconds;
            }

            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            return await work(command);
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
