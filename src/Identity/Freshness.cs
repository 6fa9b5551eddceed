namespace Dbaas.Identity;

/// <summary>How old the answer about a token may be.</summary>
public enum Freshness
{
    /// <summary>For looking: a minute.</summary>
    ForReading,

    /// <summary>
    /// For changing something, and for all that administrators ask: a few seconds. A token that is revoked soon changes nothing more.
    /// </summary>
    ForChanging,
}
