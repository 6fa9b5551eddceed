using Dbaas.GuestProtocol;

namespace Dbaas.TaskManager.Operations.MasterChange;

/// <summary>What a change of master remembers of those who are to follow the new one.</summary>
public abstract record MembersState
{
    /// <summary>Whoever follows the new master, or was given up.</summary>
    public IReadOnlyList<string> Settled { get; init; } = [];

    /// <summary>What the one that is next follows by; null: it was not asked for yet. It holds a password.</summary>
    public OpaqueDocument? Offer { get; init; }

    /// <summary>When the next one's turn began, in time of this step.</summary>
    public TimeSpan TurnBegan { get; init; }

    /// <summary>Who could not be made to follow, and why.</summary>
    public IReadOnlyDictionary<string, string> Left { get; init; } = new Dictionary<string, string>();
}
