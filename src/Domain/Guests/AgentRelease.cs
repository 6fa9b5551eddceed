namespace Dbaas.Domain.Guests;

/// <summary>A release of the guest agent that instances can be brought to.</summary>
public sealed record AgentRelease
{
    /// <summary>What it calls itself: by this it is known.</summary>
    public string Version { get; init; } = "";

    /// <summary>The executable's SHA-256, in lower case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The executable's size in bytes.</summary>
    public long Size { get; init; }
}
