namespace Dbaas.Persistence.Dialects;

/// <summary>Why a whole unit of work may run again.</summary>
public enum RetryReason
{
    /// <summary>Another transaction won: a deadlock, on a cluster also a failed certification (1213).</summary>
    Deadlock,

    /// <summary>A lock was waited for too long (1205).</summary>
    LockWait,

    /// <summary>A row is not any more what the transaction saw (1020).</summary>
    Changed,

    /// <summary>The server could not commit (1180).</summary>
    CommitRefused,

    /// <summary>The node has lost its cluster (1047).</summary>
    NotReady,

    /// <summary>The node takes no writes (1290).</summary>
    ReadOnly,

    /// <summary>The connection was lost, or could not be made.</summary>
    Lost,

    /// <summary>No answer came in time.</summary>
    Timeout,

    /// <summary>The server has as many connections as it may have (1040).</summary>
    Full,

    /// <summary>SQLite: somebody else is writing.</summary>
    Busy,

    /// <summary>The connection was lost after COMMIT was sent: the mark in <c>commit_marks</c> says whether it counted.</summary>
    CommitUnknown,
}
