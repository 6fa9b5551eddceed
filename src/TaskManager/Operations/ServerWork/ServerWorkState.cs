namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>What work on a server remembers.</summary>
public sealed record ServerWorkState
{
    /// <summary>The plane cannot do it while the server runs.</summary>
    public bool NeedsServerStopped { get; init; }

    /// <summary>How often the server was stopped for it.</summary>
    public int Stops { get; init; }
}
