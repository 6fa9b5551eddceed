namespace Dbaas.Domain.Backups;

/// <summary>What keeps a backup from being begun.</summary>
/// <param name="Kind">Whether it passes.</param>
/// <param name="Sentence">For the user.</param>
public sealed record BackupObstacle(BackupObstacleKind Kind, string Sentence);

/// <summary>Whether an obstacle passes.</summary>
public enum BackupObstacleKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Its datastore cannot be backed up.</summary>
    Unsupported,

    /// <summary>Its agent is too old to be asked.</summary>
    TooOld,

    /// <summary>It cannot follow on another one; a full one can be taken.</summary>
    CannotFollow,

    /// <summary>The instance is busy, or not as it should be: that may pass.</summary>
    NotNow,
}
