namespace Dbaas.Hosting.Configuration;

/// <summary>How backups are made, and where they are kept.</summary>
public sealed record BackupSetting
{
    /// <summary>The folder of their objects; null: <c>objects</c> in the state folder.</summary>
    public string? Folder { get; init; }

    /// <summary>A bucket for them instead; null: none.</summary>
    public S3Setting? S3 { get; init; }

    /// <summary>A container for them instead; null: none.</summary>
    public SwiftSetting? Swift { get; init; }

    /// <summary>As whom backups that a Trove took are read where it stored them; null: none are.</summary>
    public TroveSetting? Trove { get; init; }

    /// <summary>Seconds between two looks for what an instance that is archived has logged: so much can be lost with it.</summary>
    public double ArchiveSeconds { get; init; } = 10;

    /// <summary>Megabytes (of 1,000,000 bytes) a second that an instance's database is read with for a backup; null: no limit.</summary>
    public double? MegabytesPerSecond { get; init; }

    /// <summary>Backups are taken on a slave, where there is one that keeps up.</summary>
    public bool PreferSlaves { get; init; } = true;

    /// <summary>A new slave may get its data from a backup of its master's, where that is the cheaper way.</summary>
    public bool SlavesFromBackups { get; init; } = true;

    /// <summary>How many backups are verified at once, each on a server of its own; 0: verification is not offered.</summary>
    public int VerifyAtOnce { get; init; } = 1;

    /// <summary>How many schedules a project may have.</summary>
    public int MaxSchedules { get; init; } = 20;

    /// <summary>The operator's public key of <c>age</c>, which can open every backup; null: none.</summary>
    public string? RecoveryRecipient { get; init; }
}
