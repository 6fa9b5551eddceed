using System.Collections.Frozen;
using System.Net.Sockets;
using MySql.Data.MySqlClient;

namespace Dbaas.Persistence.Dialects;

/// <summary>The server's and the client library's errors that decide what happens next.</summary>
internal static class MySqlErrors
{
    public const int DuplicateEntry = 1062;

    // 1213 deadlock or certification failure, 1205 lock wait timeout, 1020 record has changed (snapshot isolation),
    // 1047 node not ready, 1180 commit failed (Galera), 1290 read only, 1053 shutdown, 1040 too many connections,
    // 1317 and 1927 killed, 2006 and 2013 connection lost, 1042, 2002 and 2003 cannot connect.
    private static readonly FrozenSet<int> Retry =
        new[] { 1213, 1205, 1020, 1047, 1180, 1290, 1053, 1040, 1317, 1927, 2006, 2013, 1042, 2002, 2003 }.ToFrozenSet();

    /// <summary>The driver wraps what it saw on the network in exceptions of its own, one or two deep, often without a number.</summary>
    public static bool IsWorthRetrying(Exception? exception) => exception switch
    {
        null => false,
        MySqlException e when Retry.Contains(e.Number) => true,
        NodeNotReadyException or IOException or SocketException or TimeoutException => true,
        _ => IsWorthRetrying(exception.InnerException),
    };
}
