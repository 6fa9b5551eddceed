namespace Dbaas.Persistence.Signals;

/// <summary>The signals that the parts of the control plane give one another within a process.</summary>
public sealed class ControlSignals
{
    private const string Any = "";

    /// <summary>By instance id: there is a command for its agent.</summary>
    public Signal Commands { get; } = new();

    /// <summary>By command id: the agent has answered.</summary>
    public Signal Replies { get; } = new();

    private Signal Operations { get; } = new();

    private Signal Configurations { get; } = new();

    /// <summary>An operation is new, or has news.</summary>
    public void OperationIsDue() => Operations.Set(Any);

    /// <summary>Listens for <see cref="OperationIsDue"/>.</summary>
    public Subscription ListenForOperations() => Operations.Subscribe(Any);

    /// <summary>A configuration group has other values.</summary>
    public void ConfigurationHasChanged() => Configurations.Set(Any);

    /// <summary>Listens for <see cref="ConfigurationHasChanged"/>.</summary>
    public Subscription ListenForConfigurations() => Configurations.Subscribe(Any);
}
