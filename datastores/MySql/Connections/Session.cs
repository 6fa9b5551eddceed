using System.Data.Common;
using System.Globalization;
using System.Text;
using Dbaas.Datastores.MySql.Files;
using MySqlConnector;
using Row = System.Collections.Generic.IReadOnlyDictionary<string, string?>;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>
/// An open connection. Parameters are named in statements as <c>@name</c>; the driver's exceptions become the contract's.
/// </summary>
/// <param name="connection">Open.</param>
/// <param name="keep">Takes the session when its user is done with it; false: it is closed.</param>
/// <param name="isWaitedFor">By a limit of its user's, who does not ask again before there was an end.</param>
internal sealed class Session(MySqlConnection connection, Func<Session, bool> keep, bool isWaitedFor = false) : IAsyncDisposable
{
    /// <summary>
    /// The SQL mode is the one that <see cref="Sql"/> quotes for. A configuration group may turn autocommit off (what the agent writes is
    /// written) and close connections that rest. A lock that a client holds is reported well before the user's request is over. What the
    /// agent says is in no log that users read: it holds passwords.
    /// </summary>
    private const string FirstStatement =
        "SET NAMES utf8mb4, sql_log_off = 1, long_query_time = 31536000, min_examined_row_limit = 4294967295, "
        + "sql_mode = 'STRICT_ALL_TABLES', autocommit = 1, wait_timeout = 31536000, lock_wait_timeout = 8, "
        + "innodb_lock_wait_timeout = 8";

    /// <summary>For an answer that comes at the end of a time which the server keeps.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The driver's limits ask the server to give up. One that waits for room on its disk, with a lock in its hands, does not heed that,
    /// and the driver waits on.
    /// </summary>
    private static readonly TimeSpan DriverGrace = TimeSpan.FromSeconds(5);

    private bool _isAbandoned;

    /// <summary>After the connection was made.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var first = new MySqlCommand(FirstStatement, connection);
        await first.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Nothing of its last use is left. False: it cannot be used any more.</summary>
    public async Task<bool> TryBeginAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.ResetConnectionAsync(cancellationToken);
            await BeginAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is MySqlException or IOException or InvalidOperationException)
        {
            // The server was restarted, or ended it.
            return false;
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>Runs a statement.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        RunAsync(sql, timeout: null, parameters, command => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);

    /// <summary>Runs a statement that may take longer than others.</summary>
    public Task ExecuteAsync(string sql, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(sql, timeout, [], command => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);

    /// <summary>The first column of the first row, as text; null also when there is no row.</summary>
    public Task<string?> TextAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        RunAsync(
            sql, timeout: null, parameters, async command => Text(await command.ExecuteScalarAsync(cancellationToken)), cancellationToken);

    /// <summary>The first column of the first row, as a whole number; null also when there is no row.</summary>
    public async Task<long?> NumberAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        Number(await TextAsync(sql, cancellationToken, parameters));

    /// <summary>The number that a query answers when a position is reached, or <c>@seconds</c> are over.</summary>
    public async Task<long?> WaitAsync(string sql, string position, TimeSpan patience, CancellationToken cancellationToken)
    {
        // No time at all means for ever, to one of the engines.
        var seconds = Math.Max(0.001, patience.TotalSeconds);
        return Number(await RunAsync(
            sql,
            patience + Grace,
            [("position", position), ("seconds", seconds)],
            async command => Text(await command.ExecuteScalarAsync(cancellationToken)),
            cancellationToken));
    }

    /// <summary>The first column of all rows.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        [.. (await RowsAsync(sql, cancellationToken, parameters)).Select(row => row[0] ?? "")];

    /// <summary>All rows, as texts in the order of their columns.</summary>
    public Task<IReadOnlyList<IReadOnlyList<string?>>> RowsAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        RunAsync(
            sql,
            timeout: null,
            parameters,
            async command =>
            {
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await ReadAsync<IReadOnlyList<string?>>(
                    reader, row => [.. Enumerable.Range(0, row.FieldCount).Select(i => Text(row.GetValue(i)))], cancellationToken);
            },
            cancellationToken);

    /// <summary>All rows, each as texts by column name: for the SHOW statements.</summary>
    public Task<IReadOnlyList<Row>> ShowAsync(string sql, CancellationToken cancellationToken) =>
        ShowAsync(sql, timeout: null, cancellationToken);

    /// <summary>The same of a statement that may take longer than others.</summary>
    public Task<IReadOnlyList<Row>> ShowAsync(string sql, TimeSpan? timeout, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Row>>(
            sql,
            timeout,
            [],
            async command =>
            {
                // One statement at a time: the driver waits without a limit for the answers to those after the first.
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await ReadAsync<Row>(
                    reader,
                    row => Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => Text(row.GetValue(i))),
                    cancellationToken);
            },
            cancellationToken);

    /// <summary>Its user is done with it.</summary>
    public ValueTask DisposeAsync() => !_isAbandoned && keep(this) ? ValueTask.CompletedTask : CloseAsync();

    /// <summary>Ends the connection; one that was given up, whenever the server lets go of it.</summary>
    public ValueTask CloseAsync()
    {
        var closing = connection.DisposeAsync();
        if (!_isAbandoned)
        {
            return closing;
        }

        _ = closing.AsTask().ContinueWith(ended => ended.Exception, TaskScheduler.Default);
        return ValueTask.CompletedTask;
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        DbDataReader reader, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static long? Number(string? text) => text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);

    private async Task<T> RunAsync<T>(
        string sql,
        TimeSpan? timeout,
        (string Name, object? Value)[] parameters,
        Func<MySqlCommand, Task<T>> work,
        CancellationToken cancellationToken)
    {
        CutPoint.Pass(sql);
        using var limit = new CancellationTokenSource();
        using var ended = cancellationToken.Register(() => limit.CancelAfter(DriverGrace));
        try
        {
            var running = CommandAsync(sql, timeout, parameters, work, limit);
            return await (isWaitedFor ? running : running.WaitAsync(limit.Token));
        }
        catch (MySqlException e)
        {
            throw Faults.Of(e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            _isAbandoned = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw Faults.Transient("The database server does not answer.", e);
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidOperationException)
        {
            throw Faults.Transient("The connection to the database server was lost.", e);
        }
    }

    private async Task<T> CommandAsync<T>(
        string sql,
        TimeSpan? timeout,
        (string Name, object? Value)[] parameters,
        Func<MySqlCommand, Task<T>> work,
        CancellationTokenSource limit)
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

        limit.CancelAfter(TimeSpan.FromSeconds(command.CommandTimeout) + DriverGrace);
        return await work(command);
    }
}
