using Dbaas.Datastores.Contract;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>Connections of others, who come by the network; the agent's own are local.</summary>
internal static class ClientConnections
{
    /// <summary>Ends all connections of a user from the network, and sees that none is left.</summary>
    public static async Task EndAsync(
        Session session, string user, TimeProvider time, TimeSpan patience, TimeSpan pause, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            // Their numbers only: what clients are saying is theirs, and may be long.
            var threads = await session.TextsAsync(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = @user AND HOST <> 'localhost'",
                cancellationToken,
                ("user", user));
            if (threads.Count == 0)
            {
                return;
            }

            if (time.GetElapsedTime(started) > patience)
            {
                throw Faults.Transient($"{threads.Count} connections of {user} did not end within {patience.TotalSeconds:0} s.");
            }

            await EndAsync(session, threads, cancellationToken);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Tells connections to end, by their numbers.</summary>
    public static async Task EndAsync(Session session, IEnumerable<string> threads, CancellationToken cancellationToken)
    {
        foreach (var thread in threads)
        {
            try
            {
                await session.ExecuteAsync($"KILL {thread}", cancellationToken);
            }
            catch (DatastoreException e) when (e.InnerException is MySqlException { ErrorCode: MySqlErrorCode.NoSuchThread })
            {
                // It ended by itself meanwhile.
            }
        }
    }
}
