using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>What the building of an instance remembers. It holds secrets: stored encrypted, dropped at the end.</summary>
public sealed record BuildState
{
    /// <summary>What the guest proves itself with, once.</summary>
    public string? EnrolmentSecret { get; init; }

    /// <summary>For a server that is made anew: which of its builds this is; 0: not decided yet.</summary>
    public int Build { get; init; }

    /// <summary>For an evacuation: from now on the plane may have been asked for it.</summary>
    public bool IsAsked { get; init; }

    /// <summary>For a server that is made anew: the former one is gone, with its agent, and there is no way back.</summary>
    public bool IsReplaced { get; init; }

    /// <summary>For one that is restored to a moment: what was reached.</summary>
    public MomentReached? Reached { get; init; }

    /// <summary>For a backup that is verified: why no data could be made of it.</summary>
    public string? Damage { get; init; }

    /// <summary>For a backup that is verified: what was found in its data.</summary>
    public DataVerified? Found { get; init; }

    /// <summary>For a slave: what its master offers; dropped once it is attached.</summary>
    public OpaqueDocument? Snapshot { get; init; }

    /// <summary>For a slave: the backup that its data comes from, by its master's choice; null: from the master.</summary>
    public string? BackupId { get; init; }

    /// <summary>For a slave: a backup turned out to be of no use, and no other is tried.</summary>
    public bool WithoutBackups { get; init; }
}
