namespace Dbaas.Domain.Guests;

/// <summary>The last time that all agents were to be brought to one release. Times are Unix milliseconds.</summary>
public sealed record AgentRollout
{
    /// <summary>Counts the rollouts; 0: there was none.</summary>
    public long Number { get; init; }

    /// <summary>The release's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The release's SHA-256.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The release's size.</summary>
    public long Size { get; init; }

    /// <summary>How many instances a wave has, but for the first, which has one.</summary>
    public int WaveSize { get; init; }

    /// <summary>The wave that was begun last; 0: none yet.</summary>
    public int Wave { get; init; }

    /// <summary>How it stands.</summary>
    public RolloutState State { get; init; }

    /// <summary>Why it was stopped.</summary>
    public string? Detail { get; init; }

    /// <summary>When it was asked for.</summary>
    public long Started { get; init; }

    /// <summary>When it ended.</summary>
    public long? Ended { get; init; }

    /// <summary>What instances are brought to.</summary>
    public AgentRelease Release => new() { Version = Version, Sha256 = Sha256, Size = Size };
}

/// <summary>How a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>There was none.</summary>
    Unknown,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Every instance that could be upgraded has the release.</summary>
    Finished,

    /// <summary>At the first failure, or by an administrator. What was upgraded stays so.</summary>
    Stopped,
}

/// <summary>An instance of a wave.</summary>
public sealed record RolloutMember
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>Its wave, counted from 1.</summary>
    public int Wave { get; init; }

    /// <summary>The operation that upgrades it.</summary>
    public string OperationId { get; init; } = "";
}
