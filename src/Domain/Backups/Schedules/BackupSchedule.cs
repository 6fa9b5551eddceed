namespace Dbaas.Domain.Backups.Schedules;

/// <summary>When backups are taken without anybody asking, and which of them are kept. Times are Unix milliseconds.</summary>
public sealed record BackupSchedule
{
    /// <summary>Chosen by the API.</summary>
    public string Id { get; init; } = "";

    /// <summary>The project that owns it.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>As the user wrote it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is backed up; null: every instance of the project that follows no other.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When, as the five fields of a crontab.</summary>
    public string Cron { get; init; } = "";

    /// <summary>The zone that those are meant in.</summary>
    public string TimeZone { get; init; } = CronTimes.Utc;

    /// <summary>What changed since the last of its backups, where that can be had.</summary>
    public bool Incremental { get; init; }

    /// <summary>Of so many backups one is full, at least.</summary>
    public int FullEvery { get; init; }

    /// <summary>The newest so many are kept; null: their number decides nothing.</summary>
    public int? KeepLast { get; init; }

    /// <summary>Those of so many days are kept; null: their age decides nothing.</summary>
    public int? KeepDays { get; init; }

    /// <summary>Each of its backups is verified once it is complete.</summary>
    public bool Verify { get; init; }

    /// <summary>When it is due, by the database's clock; null: its times have come to an end.</summary>
    public long? NextDue { get; init; }

    /// <summary>When it was due last and was begun with; null: never.</summary>
    public long? LastFired { get; init; }

    /// <summary>Why its last backup was not begun, or failed; null: nothing went wrong.</summary>
    public string? LastFault { get; init; }

    /// <summary>When it was made.</summary>
    public long Created { get; init; }

    /// <summary>When its user last changed it.</summary>
    public long Updated { get; init; }

    /// <summary>Raised by every write of a user.</summary>
    public long Version { get; init; }
}
