namespace Dbaas.Stories;

/// <summary>What differs from plane to plane.</summary>
public sealed record StoryOptions
{
    /// <summary>The flavor that instances begin with.</summary>
    public required string Flavor { get; init; }

    /// <summary>One with more memory.</summary>
    public required string LargerFlavor { get; init; }

    /// <summary>For one operation.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);
}
