namespace Dbaas.Persistence.Signals;

/// <summary>What a signal tells of.</summary>
public enum SignalKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>A command for an agent; the key is its instance's id.</summary>
    Command,

    /// <summary>An agent's answer; the key is its command's id.</summary>
    Reply,

    /// <summary>An operation that is due.</summary>
    Operation,

    /// <summary>Other values of a configuration group.</summary>
    Configuration,
}
