using System.Data.Common;

namespace Dbaas.Persistence.Dialects;

/// <summary>A node answers, but takes no writes now: it is read only, or has lost its cluster.</summary>
internal sealed class NodeNotReadyException(RetryReason reason, string message) : DbException(message)
{
    public RetryReason Reason => reason;
}
