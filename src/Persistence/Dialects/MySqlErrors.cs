using System.Net.Sockets;
using MySqlConnector;

namespace Dbaas.Persistence.Dialects;

/// <summary>The server's and the driver's errors after which the whole unit may run again, on another node if need be.</summary>
internal static class MySqlErrors
{
    private const MySqlErrorCode RecordHasChanged = (MySqlErrorCode)1020;
    private const MySqlErrorCode CommitFailed = (MySqlErrorCode)1180;
    private const MySqlErrorCode ConnectionKilled = (MySqlErrorCode)1927;

    /// <summary>What was seen on the network comes wrapped in exceptions of the driver's own, one or two deep.</summary>
    public static bool IsWorthRetrying(Exception? exception) => exception switch
    {
        null => false,
        MySqlException e when IsPassing(e) => true,
        NodeNotReadyException or IOException or SocketException or TimeoutException => true,
        _ => IsWorthRetrying(exception.InnerException),
    };

    // The driver's own list lacks what a cluster says (a node that is not ready, a commit that failed), and a snapshot that is too old.
    private static bool IsPassing(MySqlException e) => e.IsTransient || e.ErrorCode is
        RecordHasChanged or CommitFailed or ConnectionKilled
        or MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.UnknownCommand
        or MySqlErrorCode.OptionPreventsStatement or MySqlErrorCode.ServerShutdown or MySqlErrorCode.ConnectionCountError
        or MySqlErrorCode.QueryInterrupted or MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.CommandTimeoutExpired;
}
