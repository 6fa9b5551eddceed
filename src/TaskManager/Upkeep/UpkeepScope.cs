namespace Dbaas.TaskManager.Upkeep;

/// <summary>Which nodes do a kind of upkeep.</summary>
public enum UpkeepScope
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>One does it for all, and another one when that is gone.</summary>
    OneNode,

    /// <summary>Each does it for itself: it is about what this node has.</summary>
    EveryNode,
}
