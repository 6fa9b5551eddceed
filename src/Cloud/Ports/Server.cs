namespace Dbaas.Cloud.Ports;

/// <summary>A server as a plane sees it.</summary>
public sealed record Server
{
    /// <summary>Ours.</summary>
    public required string Key { get; init; }

    /// <summary>The plane's.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required CloudServerState State { get; init; }

    /// <summary>The size that it has, or gets when a resize is confirmed; null when the plane cannot say.</summary>
    public string? FlavorId { get; init; }

    /// <summary>Which build of its root disk it runs: <see cref="ServerSpec.Build"/>.</summary>
    public int Build { get; init; } = 1;

    /// <summary>The host that it runs on, for administrators.</summary>
    public string? Host { get; init; }

    /// <summary>Why, when it is in error or something was refused.</summary>
    public string? Detail { get; init; }

    /// <summary>What of the flavor or volume this plane cannot enforce here, in words (for example without root); empty: all is.</summary>
    public IReadOnlyList<string> NotEnforced { get; init; } = [];
}

/// <summary>What a server does.</summary>
public enum CloudServerState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>On its way: being made, resized, moved, rebuilt, rebooted.</summary>
    Building,

    /// <summary>Runs.</summary>
    Active,

    /// <summary>Resized or moved, runs, and waits to be told that it may stay so.</summary>
    AwaitsConfirmation,

    /// <summary>Exists, and does not run.</summary>
    Stopped,

    /// <summary>Failed.</summary>
    Error,
}
