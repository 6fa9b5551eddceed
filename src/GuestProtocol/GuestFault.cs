using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol;

/// <summary>What kind of fault it is: it decides whether to retry, to refuse, or to undo.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>Trying again may help.</summary>
    Transient,

    /// <summary>The request does not fit the present state (for example: user exists, name too long). Nothing was changed.</summary>
    Precondition,

    /// <summary>The named thing does not exist. Nothing was changed.</summary>
    NotFound,

    /// <summary>This agent or datastore cannot do it.</summary>
    Unsupported,

    /// <summary>It failed, and would fail again.</summary>
    Permanent,
}

/// <summary>A fault as an agent reports it.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Message">A sentence for the user: what happened, to what, and what to do. Never holds a secret.</param>
public sealed record GuestFault(FaultKind Kind, string Message);
