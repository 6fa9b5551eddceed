using System.Collections.Frozen;

namespace Dbaas.Persistence.Dialects;

/// <summary>The server's and the client library's error numbers that decide what happens next.</summary>
internal static class MySqlErrors
{
    public const int DuplicateEntry = 1062;

    /// <summary>
    /// 1213 deadlock or certification failure, 1205 lock wait timeout, 1020 record has changed (snapshot isolation), 1047 node not ready
    /// (Galera), 1290 read only, 1053 shutdown, 1927 and 2006/2013 connection lost, 1042/2002/2003 cannot connect, 1305 savepoint gone.
    /// </summary>
    public static readonly FrozenSet<int> Retry =
        new[] { 1213, 1205, 1020, 1047, 1290, 1053, 1927, 2006, 2013, 1042, 2002, 2003, 1305 }.ToFrozenSet();
}
