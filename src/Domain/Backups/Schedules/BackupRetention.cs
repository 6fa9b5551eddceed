namespace Dbaas.Domain.Backups.Schedules;

/// <summary>
/// Which of the backups that a schedule made are to go: those that neither their number nor their age keeps, and on which nothing follows
/// that stays. Pure.
/// </summary>
public static class BackupRetention
{
    private const long DayMilliseconds = 86_400_000;

    /// <summary>A backup that could not be deleted is left in peace for so long.</summary>
    private const long AgainAfterMilliseconds = 3_600_000;

    /// <summary>Decides.</summary>
    /// <param name="schedule">The rule.</param>
    /// <param name="made">All backups of this schedule that are there, of all of its instances.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>
    /// What can be deleted together: a backup with all that follow on it, each behind the one that it follows on. Each list by itself.
    /// </returns>
    public static IReadOnlyList<IReadOnlyList<Backup>> Expired(BackupSchedule schedule, IReadOnlyList<Backup> made, long now) =>
        schedule is { KeepLast: null, KeepDays: null }
            ? []
            : [.. made.GroupBy(backup => backup.InstanceId).SelectMany(group => OfInstance(schedule, [.. group], now))];

    private static IEnumerable<IReadOnlyList<Backup>> OfInstance(BackupSchedule schedule, IReadOnlyList<Backup> made, long now)
    {
        // However old the newest complete one is: who has nothing newer has nothing else. Failed ones are kept to be looked at, and no
        // longer than what is complete: what a failed one was to follow on goes with it only.
        var complete = Newest(BackupState.Completed).Take(Math.Max(1, schedule.KeepLast ?? 0)).ToList();
        var failed = Newest(BackupState.Failed).Take(schedule.KeepLast ?? 0)
            .Where(backup => complete.Count == 0 || backup.Created > complete[^1].Created);
        var kept = complete.Concat(failed).Concat(made.Where(IsYoung)).Select(backup => backup.Id).ToHashSet();
        var children = made.ToLookup(backup => backup.ParentId);
        var roots = made.Where(backup => CanGo(backup) && !made.Any(other => other.Id == backup.ParentId && CanGo(other)));
        return roots.Select(root => (IReadOnlyList<Backup>)[.. WithAllBehind(root)]);

        IEnumerable<Backup> Newest(BackupState state) => made.Where(backup => backup.State == state)
            .OrderByDescending(backup => backup.Created).ThenByDescending(backup => backup.Id, StringComparer.Ordinal);

        bool IsYoung(Backup backup) => schedule.KeepDays is { } days && backup.Created > now - (days * DayMilliseconds);

        // One that is read, or deleted already, and one that a user's own backup follows on, stays.
        bool CanGo(Backup backup) =>
            backup is { LockOwner: null, LockShared: 0 } && IsUnwanted(backup)
            && children[backup.Id].Count() == backup.ChildCount && children[backup.Id].All(CanGo);

        bool IsUnwanted(Backup backup) => backup.State switch
        {
            BackupState.Completed or BackupState.Failed => !kept.Contains(backup.Id),
            BackupState.DeleteFailed => now - backup.Updated >= AgainAfterMilliseconds,
            _ => false,
        };

        IEnumerable<Backup> WithAllBehind(Backup root) => [root, .. children[root.Id].SelectMany(WithAllBehind)];
    }
}
