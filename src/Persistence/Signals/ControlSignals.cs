namespace Dbaas.Persistence.Signals;

/// <summary>
/// The signals that the parts of the control plane give one another: at once within a process, and by <paramref name="remote"/>, where
/// there is one, to other nodes. They save waiting, and decide nothing: whoever waits looks again by itself.
/// </summary>
/// <param name="remote">Tells other nodes; null: they find out by looking.</param>
public sealed class ControlSignals(IRemoteSignals? remote = null)
{
    private const string Any = "";

    private readonly Signal operations = new();
    private readonly Signal configurations = new();

    /// <summary>By instance id: there is a command for its agent.</summary>
    public Signal Commands { get; } = new();

    /// <summary>By command id: the agent has answered.</summary>
    public Signal Replies { get; } = new();

    /// <summary>There is a command for an instance's agent.</summary>
    public void CommandIsThere(string instanceId) => Tell(SignalKind.Command, instanceId);

    /// <summary>An agent has answered a command.</summary>
    public void ReplyIsThere(string commandId) => Tell(SignalKind.Reply, commandId);

    /// <summary>An operation is new, or has news.</summary>
    public void OperationIsDue() => Tell(SignalKind.Operation, Any);

    /// <summary>A configuration group has other values.</summary>
    public void ConfigurationHasChanged() => Tell(SignalKind.Configuration, Any);

    /// <summary>Listens for <see cref="OperationIsDue"/>.</summary>
    public Subscription ListenForOperations() => operations.Subscribe(Any);

    /// <summary>Listens for <see cref="ConfigurationHasChanged"/>.</summary>
    public Subscription ListenForConfigurations() => configurations.Subscribe(Any);

    /// <summary>
    /// Another node has told of it, or it was seen in the database: it is told to those who wait here, and not passed on.
    /// </summary>
    /// <param name="kind">What of.</param>
    /// <param name="key">Whose; empty where the kind has none.</param>
    public void Heard(SignalKind kind, string key = Any)
    {
        var signal = kind switch
        {
            SignalKind.Command => Commands,
            SignalKind.Reply => Replies,
            SignalKind.Operation => operations,
            SignalKind.Configuration => configurations,
            // A later release may know more kinds.
            _ => null,
        };
        signal?.Set(key);
    }

    private void Tell(SignalKind kind, string key)
    {
        Heard(kind, key);
        remote?.Tell(kind, key);
    }
}
