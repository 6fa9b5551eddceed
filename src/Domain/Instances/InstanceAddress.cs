namespace Dbaas.Domain.Instances;

/// <summary>An address of an instance that users are shown.</summary>
public sealed record InstanceAddress
{
    /// <summary>It.</summary>
    public string Address { get; init; } = "";

    /// <summary><c>private</c> or <c>public</c>, as Trove says it.</summary>
    public string Kind { get; init; } = "private";

    /// <summary>The network, in the plane's words; null where there is only one.</summary>
    public string? NetworkId { get; init; }
}
