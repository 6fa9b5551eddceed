using Dbaas.GuestProtocol;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>What a change of master remembers.</summary>
public sealed record PromoteState
{
    /// <summary>Where the master was when the slave was to come near it.</summary>
    public OpaqueDocument? Near { get; init; }

    /// <summary>When writes were stopped, in Unix milliseconds; 0: they were not.</summary>
    public long Stopped { get; init; }

    /// <summary>The master's last position, behind which nothing comes.</summary>
    public OpaqueDocument? Last { get; init; }

    /// <summary>The slave may have been asked to become the master.</summary>
    public bool Asked { get; init; }

    /// <summary>When the slave let clients write, in Unix milliseconds.</summary>
    public long Serves { get; init; }

    /// <summary>Whoever follows the new master, or was given up.</summary>
    public IReadOnlyList<string> Settled { get; init; } = [];

    /// <summary>What the one that is next follows by; null: it was not asked for yet. It holds a password.</summary>
    public OpaqueDocument? Offer { get; init; }

    /// <summary>When the next one's turn began, in time of this step.</summary>
    public TimeSpan TurnBegan { get; init; }

    /// <summary>Who could not be made to follow, and why.</summary>
    public IReadOnlyDictionary<string, string> Left { get; init; } = new Dictionary<string, string>();
}
