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
    public static RetryReason? WhyRetry(Exception? exception) => exception switch
    {
        null => null,
        MySqlException e when WhyPassing(e) is { } reason => reason,
        NodeNotReadyException e => e.Reason,
        IOException or SocketException => RetryReason.Lost,
        TimeoutException => RetryReason.Timeout,
        _ => WhyRetry(exception.InnerException),
    };

    // The driver's own list lacks what a cluster says (a node that is not ready, a commit that failed), and a snapshot that is too old.
    private static RetryReason? WhyPassing(MySqlException e) => e.ErrorCode switch
    {
        MySqlErrorCode.LockDeadlock => RetryReason.Deadlock,
        MySqlErrorCode.LockWaitTimeout => RetryReason.LockWait,
        RecordHasChanged => RetryReason.Changed,
        CommitFailed => RetryReason.CommitRefused,
        MySqlErrorCode.UnknownCommand => RetryReason.NotReady,
        MySqlErrorCode.OptionPreventsStatement => RetryReason.ReadOnly,
        MySqlErrorCode.CommandTimeoutExpired => RetryReason.Timeout,
        MySqlErrorCode.ConnectionCountError => RetryReason.Full,
        ConnectionKilled or MySqlErrorCode.ServerShutdown or MySqlErrorCode.QueryInterrupted or MySqlErrorCode.UnableToConnectToHost =>
            RetryReason.Lost,
        _ => e.IsTransient ? RetryReason.Lost : null,
    };
}
