using Dbaas.GuestProtocol;
using Dbaas.Datastores.Contract;
using MySql.Data.MySqlClient;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>
/// The one place that opens connections: by the server's Unix socket, as the administrator that belongs to the agent's own OS user
/// (the server asks the kernel who is there, so there is no password).
/// </summary>
internal sealed class ServerConnections(string socket)
{
    /// <summary>
    /// SET NAMES must come first: until then this driver cannot read the server's own texts. The SQL mode is the one that
    /// <see cref="Sql"/> quotes for. A configuration group may turn autocommit off; what the agent writes is written.
    /// </summary>
    private const string FirstStatement = "SET NAMES utf8mb4, sql_mode = 'STRICT_ALL_TABLES', autocommit = 1";

    /// <summary>The login that the agent uses.</summary>
    public static string Administrator => Environment.UserName;

    /// <summary>Opens a session. The driver blocks, so it runs on another thread.</summary>
    /// <exception cref="DatastoreException">Transient: the server is not there, or not ready.</exception>
    public async Task<Session> OpenAsync(CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var seconds = (uint)Math.Max(1, (patience ?? TimeSpan.FromSeconds(10)).TotalSeconds);
        var text = new MySqlConnectionStringBuilder
        {
            Server = socket,
            ConnectionProtocol = MySqlConnectionProtocol.Unix,
            UserID = Administrator,
            SslMode = MySqlSslMode.None,
            Pooling = false,
            ConnectionTimeout = seconds,
            DefaultCommandTimeout = patience is null ? 60 : seconds,
        };

        return await Task.Run(
            () =>
            {
                var connection = new MySqlConnection(text.ConnectionString);
                try
                {
                    connection.Open();
                    using var first = new MySqlCommand(FirstStatement, connection);
                    first.ExecuteNonQuery();
                    return new Session(connection);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    connection.Dispose();
                    throw e is MySqlException fault
                        ? new DatastoreException(FaultKind.Transient, $"The database server does not let the agent in: {fault.Message}", fault)
                        : Faults.Transient($"The database server cannot be reached: {e.Message}", e);
                }
            },
            cancellationToken);
    }
}
