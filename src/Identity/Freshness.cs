namespace Dbaas.Identity;

/// <summary>How old the answer about a token may be.</summary>
public enum Freshness
{
    /// <summary>For looking at what is one's own: a minute.</summary>
    ForReading,

    /// <summary>For changing something, and for what only administrators see: a few seconds, so that a token which is revoked soon changes nothing more.</summary>
    ForChanging,
}
