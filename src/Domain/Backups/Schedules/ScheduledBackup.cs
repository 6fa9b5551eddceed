using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Backups.Schedules;

/// <summary>What is to be done about a run of a schedule. Pure: see, decide and do are three places.</summary>
public static class ScheduledBackup
{
    /// <summary>
    /// What may pass is waited for so long; another backup that is under way as long as it goes on.
    /// </summary>
    public const long PatienceMilliseconds = 3_600_000;

    /// <summary>Decides.</summary>
    public static ScheduleMove Next(ScheduleSeen seen) => seen switch
    {
        { Instance: null or { Deleted: true } } => new ScheduleMove.Forget(),
        { Run.State: ScheduleRunState.Begun } => Watch(seen.Run, seen.Made),
        { Run.State: ScheduleRunState.Waiting } => Begin(seen, seen.Instance),
        _ => new ScheduleMove.Wait(null),
    };

    private static ScheduleMove Watch(ScheduleRun run, Backup? made) => made switch
    {
        { Deleted: false, State: BackupState.Completed } => new ScheduleMove.End(null),
        { Deleted: false, State: BackupState.Failed or BackupState.DeleteFailed, ParentId: not null } when !run.FullOnly =>
            new ScheduleMove.TakeFull(made.FaultMessage ?? ""),
        { Deleted: false, State: BackupState.Failed or BackupState.DeleteFailed } => new ScheduleMove.End(made.FaultMessage ?? ""),

        // Deleted by its user.
        null or { Deleted: true } => new ScheduleMove.End(null),
        _ => new ScheduleMove.Wait(null),
    };

    private static ScheduleMove Begin(ScheduleSeen seen, Instance instance)
    {
        var parent = seen.Run.FullOnly || !seen.Schedule.Incremental ? null : Parent(seen);
        var obstacle = WhyNot(parent);
        if (obstacle is { Kind: BackupObstacleKind.CannotFollow })
        {
            parent = null;
            obstacle = WhyNot(parent);
        }

        return obstacle switch
        {
            null => new ScheduleMove.Begin(parent?.Id),
            { Kind: BackupObstacleKind.NotNow } when instance.RunningBackup is not null =>
                new ScheduleMove.Wait(obstacle.Sentence, IsForBackup: true),
            { Kind: BackupObstacleKind.NotNow } when seen.Now - seen.Run.Since < PatienceMilliseconds =>
                new ScheduleMove.Wait(obstacle.Sentence),
            _ => new ScheduleMove.End(obstacle.Sentence),
        };

        BackupObstacle? WhyNot(Backup? follows) => BackupRules.WhyNot(seen.Sight! with { Follows = follows is not null });
    }

    // A chain has at most so many backups as there are to be from one full backup to the next, and one key.
    private static Backup? Parent(ScheduleSeen seen) =>
        seen.Newest is { LockOwner: null } newest && seen.ChainLength < seen.Schedule.FullEvery && newest.IsSealedFor(seen.OwnKey)
            ? newest
            : null;
}

/// <summary>What is seen of a run.</summary>
public sealed record ScheduleSeen
{
    /// <summary>Its schedule.</summary>
    public required BackupSchedule Schedule { get; init; }

    /// <summary>The run.</summary>
    public required ScheduleRun Run { get; init; }

    /// <summary>The instance; null: there is none.</summary>
    public Instance? Instance { get; init; }

    /// <summary>How the instance is; null: there is none.</summary>
    public BackupSeen? Sight { get; init; }

    /// <summary>The backup that the run began; null: none, or it is not known any more.</summary>
    public Backup? Made { get; init; }

    /// <summary>The newest complete backup that this schedule made of the instance; null: there is none.</summary>
    public Backup? Newest { get; init; }

    /// <summary>The project's own key; null: it has none.</summary>
    public string? OwnKey { get; init; }

    /// <summary>How many backups a restore of that one reads.</summary>
    public int ChainLength { get; init; }

    /// <summary>By the database's clock, in Unix milliseconds.</summary>
    public required long Now { get; init; }
}

/// <summary>What is to be done about a run.</summary>
public abstract record ScheduleMove
{
    private ScheduleMove()
    {
    }

    /// <summary>A backup is to be begun.</summary>
    /// <param name="ParentId">What it follows on; null: a full one.</param>
    public sealed record Begin(string? ParentId) : ScheduleMove;

    /// <summary>Nothing yet.</summary>
    /// <param name="Why">What it waits for; null: for its own backup.</param>
    /// <param name="IsForBackup">Another backup is under way: that time does not count.</param>
    public sealed record Wait(string? Why, bool IsForBackup = false) : ScheduleMove;

    /// <summary>The backup that followed on another one failed: a full one is to be taken instead.</summary>
    /// <param name="Why">What the failed one said.</param>
    public sealed record TakeFull(string Why) : ScheduleMove;

    /// <summary>It is over.</summary>
    /// <param name="Fault">Why there is no backup of it; null: there is one.</param>
    public sealed record End(string? Fault) : ScheduleMove;

    /// <summary>There is nothing any more that it would be about.</summary>
    public sealed record Forget : ScheduleMove;
}
