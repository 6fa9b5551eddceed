namespace Dbaas.Domain.Backups.Schedules;

/// <summary>The last time that a schedule was due, as far as one instance is concerned: its backup, or why there is none.</summary>
public sealed record ScheduleRun
{
    /// <summary>The schedule.</summary>
    public string ScheduleId { get; init; } = "";

    /// <summary>What is backed up.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>When it was due. With schedule and instance it names one run.</summary>
    public long Due { get; init; }

    /// <summary>Since when its backup is waited for: the database's clock when it was found due.</summary>
    public long Since { get; init; }

    /// <summary>How it stands.</summary>
    public ScheduleRunState State { get; init; }

    /// <summary>A full backup is to be taken, because one that would have followed on another failed.</summary>
    public bool FullOnly { get; init; }

    /// <summary>The backup that was begun; null: none yet.</summary>
    public string? BackupId { get; init; }

    /// <summary>Why it waits, or what went wrong; null: nothing.</summary>
    public string? Fault { get; init; }
}

/// <summary>How a run stands.</summary>
public enum ScheduleRunState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Its backup is to be begun.</summary>
    Waiting,

    /// <summary>Its backup is under way, as far as is known.</summary>
    Begun,

    /// <summary>Its backup is complete.</summary>
    Done,

    /// <summary>There is no backup of this run.</summary>
    Failed,
}
