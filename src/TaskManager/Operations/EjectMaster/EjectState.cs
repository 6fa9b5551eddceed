using Dbaas.GuestProtocol;
using Dbaas.TaskManager.Operations.MasterChange;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>What the ejection of a master remembers.</summary>
public sealed record EjectState : MembersState
{
    /// <summary>Whose servers are certainly off.</summary>
    public IReadOnlyList<string> Fenced { get; init; } = [];

    /// <summary>Where each slave is that receives nothing any more.</summary>
    public IReadOnlyDictionary<string, OpaqueDocument> Positions { get; init; } = new Dictionary<string, OpaqueDocument>();

    /// <summary>How they stand to one another, as far as they were asked.</summary>
    public IReadOnlyList<ComparedPair> Compared { get; init; } = [];

    /// <summary>Who takes over; null: that is not decided.</summary>
    public string? Successor { get; init; }

    /// <summary>The successor may have been asked to become the master.</summary>
    public bool Asked { get; init; }
}
