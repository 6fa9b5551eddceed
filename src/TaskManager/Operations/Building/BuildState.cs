using Dbaas.GuestProtocol;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>What the building of an instance remembers. It holds secrets: stored encrypted, dropped at the end.</summary>
public sealed record BuildState
{
    /// <summary>What the guest proves itself with, once.</summary>
    public string? EnrolmentSecret { get; init; }

    /// <summary>For a slave: what its master offers; dropped once it is attached.</summary>
    public OpaqueDocument? Snapshot { get; init; }
}
