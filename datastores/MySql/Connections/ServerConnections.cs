using System.Net.Sockets;
using Dbaas.Datastores.Contract;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>
/// The one place that opens connections: by the server's Unix socket, as the administrator that belongs to the agent's own OS user
/// (the server asks the kernel who is there, so there is no password). Two stay open, one to work with and one to look with: clients that
/// take all connections that the server allows do not lock the agent out. It also lets an administrator in beyond them, once.
/// </summary>
internal sealed class ServerConnections(string socket)
{
    private static readonly TimeSpan ForWork = TimeSpan.FromSeconds(10);

    private Session? _resting;
    private Session? _looking;

    /// <summary>The login that the agent uses.</summary>
    public static string Administrator => Environment.UserName;

    /// <summary>Somebody listens at the socket: that is not what went wrong.</summary>
    public static bool IsListening(DatastoreException fault) => fault.InnerException is not MySqlException
    {
        ErrorCode: MySqlErrorCode.UnableToConnectToHost, InnerException: null or SocketException,
    };

    /// <summary>A session as if it were new: the one that rests, or another.</summary>
    /// <exception cref="DatastoreException">Transient: the server is not there, or not ready.</exception>
    public async Task<Session> OpenAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _resting, null) is { } resting)
        {
            if (await resting.TryBeginAgainAsync(cancellationToken))
            {
                return resting;
            }

            await resting.CloseAsync();
        }

        var text = Text(ForWork);
        text.DefaultCommandTimeout = 60;
        return await OpenAsync(text, session => Interlocked.CompareExchange(ref _resting, session, null) is null, cancellationToken);
    }

    /// <summary>A session for somebody who would rather not wait. It is closed when it is done with.</summary>
    /// <exception cref="DatastoreException">Transient: the server is not there, or not ready.</exception>
    public Task<Session> OpenImpatientAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        OpenAsync(Impatient(patience), _ => false, cancellationToken);

    /// <summary>The session that is kept for looking at the server; null: there is none, or it is in use.</summary>
    public Session? TakeForLook() => Interlocked.Exchange(ref _looking, null);

    /// <summary>A session that is kept for looking at the server when it is done with, beside one to work with.</summary>
    /// <exception cref="DatastoreException">Transient: the server is not there, or not ready.</exception>
    public async Task<Session> OpenForLookAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(
            Impatient(patience),
            session => Interlocked.CompareExchange(ref _looking, session, null) is null,
            cancellationToken,
            isForLook: true);
        if (Volatile.Read(ref _resting) is null)
        {
            try
            {
                await (await OpenAsync(cancellationToken)).DisposeAsync();
            }
            catch (DatastoreException)
            {
                // No room: whoever needs one will see it.
            }
        }

        return session;
    }

    /// <summary>Ends what is kept.</summary>
    public async ValueTask CloseAsync()
    {
        foreach (var session in new[] { Interlocked.Exchange(ref _resting, null), TakeForLook() })
        {
            await (session?.CloseAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static bool IsFull(DatastoreException fault) =>
        fault.InnerException is MySqlException { ErrorCode: MySqlErrorCode.ConnectionCountError };

    private MySqlConnectionStringBuilder Text(TimeSpan patience) => new()
    {
        Server = socket,
        ConnectionProtocol = MySqlConnectionProtocol.Unix,
        UserID = Administrator,
        Pooling = false,
        TreatTinyAsBoolean = false,
        AutoEnlist = false,
        ConnectionTimeout = (uint)patience.TotalSeconds,
    };

    private MySqlConnectionStringBuilder Impatient(TimeSpan patience)
    {
        var text = Text(patience);
        text.DefaultCommandTimeout = (uint)patience.TotalSeconds;

        // A statement is not cancelled by another connection to a server that may be stuck.
        text.CancellationTimeout = -1;
        return text;
    }

    private async Task<Session> OpenAsync(
        MySqlConnectionStringBuilder text, Func<Session, bool> keep, CancellationToken cancellationToken, bool isForLook = false)
    {
        try
        {
            return await ConnectAsync(text, keep, isForLook, cancellationToken);
        }
        catch (DatastoreException e) when (IsFull(e) && (Interlocked.Exchange(ref _resting, null) ?? TakeForLook()) is { } other)
        {
            await using (other)
            {
                return await ConnectToFullAsync(other, text, keep, isForLook, cancellationToken);
            }
        }
    }

    /// <summary>Clients took everything before this agent was there: makes room for a moment, and lets nobody see more than that.</summary>
    private static async Task<Session> ConnectToFullAsync(
        Session other, MySqlConnectionStringBuilder text, Func<Session, bool> keep, bool isForLook, CancellationToken cancellationToken)
    {
        const int Tries = 5;
        var allowed = await other.NumberAsync("SELECT @@GLOBAL.max_connections", cancellationToken) ?? 0;
        try
        {
            for (var more = 1; ; more++)
            {
                try
                {
                    await other.ExecuteAsync($"SET GLOBAL max_connections = {allowed + more}", cancellationToken);
                    return await ConnectAsync(text, keep, isForLook, cancellationToken);
                }
                catch (DatastoreException e) when (IsFull(e) && more < Tries)
                {
                    // A client was quicker.
                }
            }
        }
        finally
        {
            await other.ExecuteAsync($"SET GLOBAL max_connections = {allowed}", CancellationToken.None);
        }
    }

    private static async Task<Session> ConnectAsync(
        MySqlConnectionStringBuilder text, Func<Session, bool> keep, bool isForLook, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var session = new Session(connection, keep, isForLook);
            await session.BeginAsync(cancellationToken);
            return session;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            throw e switch
            {
                MySqlException { ErrorCode: not MySqlErrorCode.UnableToConnectToHost } =>
                    Faults.Transient($"The database server does not let the agent in: {e.Message}", e),
                MySqlException or IOException or TimeoutException or InvalidOperationException =>
                    Faults.Transient($"The database server cannot be reached: {e.Message}", e),
                _ => e,
            };
        }
    }
}
