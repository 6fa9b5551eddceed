using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Contract;

/// <summary>The one exception of the contract. The message is a sentence for the user and never holds a secret.</summary>
public sealed class DatastoreException : Exception
{
    /// <summary>A fault with its kind.</summary>
    public DatastoreException(FaultKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>What follows from it: retry, refuse, or give up.</summary>
    public FaultKind Kind { get; }
}
