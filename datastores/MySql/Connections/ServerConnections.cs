using Dbaas.Datastores.Contract;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>
/// The one place that opens connections: by the server's Unix socket, as the administrator that belongs to the agent's own OS user
/// (the server asks the kernel who is there, so there is no password).
/// </summary>
internal sealed class ServerConnections(string socket)
{
    /// <summary>
    /// The SQL mode is the one that <see cref="Sql"/> quotes for. A configuration group may turn autocommit off; what the agent writes is written.
    /// </summary>
    private const string FirstStatement = "SET sql_mode = 'STRICT_ALL_TABLES', autocommit = 1";

    /// <summary>The login that the agent uses.</summary>
    public static string Administrator => Environment.UserName;

    /// <summary>Opens a session.</summary>
    /// <exception cref="DatastoreException">Transient: the server is not there, or not ready.</exception>
    public async Task<Session> OpenAsync(CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var seconds = (uint)Math.Max(1, (patience ?? TimeSpan.FromSeconds(10)).TotalSeconds);
        var text = new MySqlConnectionStringBuilder
        {
            Server = socket,
            ConnectionProtocol = MySqlConnectionProtocol.Unix,
            UserID = Administrator,
            Pooling = false,
            TreatTinyAsBoolean = false,
            AutoEnlist = false,
            ConnectionTimeout = seconds,
            DefaultCommandTimeout = patience is null ? 60 : seconds,
        };

        var connection = new MySqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var first = new MySqlCommand(FirstStatement, connection);
            await first.ExecuteNonQueryAsync(cancellationToken);
            return new Session(connection);
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
