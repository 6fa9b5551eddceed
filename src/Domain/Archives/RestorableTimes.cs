using Dbaas.Domain.Backups;

namespace Dbaas.Domain.Archives;

/// <summary>
/// To which moments an instance can be restored: from each backup that is complete, as far as the archived logs go on behind it without a
/// gap.
/// </summary>
public static class RestorableTimes
{
    /// <summary>The stretches of time, oldest first; empty: there is none.</summary>
    /// <param name="backups">Of the instance; in any order.</param>
    /// <param name="logs">Of the instance, in the order of their ids.</param>
    public static IReadOnlyList<RestorableTime> Of(IEnumerable<Backup> backups, IReadOnlyList<ArchivedLog> logs)
    {
        var usable = backups.Where(backup => backup is { State: BackupState.Completed, Deleted: false, TakenOn: null }).ToList();
        var found = new List<RestorableTime>();
        foreach (var piece in Pieces(logs))
        {
            var bases = usable.Where(backup => BaseLog(backup, piece) is not null && EndOf(backup) <= piece[^1].Until)
                .OrderBy(EndOf)
                .ToList();
            if (bases.Count > 0)
            {
                found.Add(new RestorableTime(EndOf(bases[0]), piece[^1].Until!.Value, bases, piece));
            }
        }

        return found;
    }

    /// <summary>A backup holds all that was committed until then, in Unix microseconds; nothing later, from then on.</summary>
    public static long EndOf(Backup backup) => backup.Ended ?? (backup.Updated * Micros.OfMilli);

    /// <summary>A backup is needed that is taken from now on: there is none behind the beginning of the present piece.</summary>
    /// <param name="backups">Of the instance, with those that are being made.</param>
    /// <param name="logs">Of the instance, in the order of their ids.</param>
    public static bool LacksBackup(IEnumerable<Backup> backups, IReadOnlyList<ArchivedLog> logs) =>
        Pieces(logs).LastOrDefault() is { } piece
        && !backups.Any(backup => CountsOrMay(backup) && BaseLog(backup, piece) is not null);

    /// <summary>Logs that no backup needs, and none will.</summary>
    /// <param name="backups">Of the instance, with those that are being made.</param>
    /// <param name="logs">Of the instance, in the order of their ids.</param>
    public static IReadOnlyList<ArchivedLog> Unneeded(IReadOnlyList<Backup> backups, IReadOnlyList<ArchivedLog> logs) =>
    [
        .. Pieces(logs).SelectMany(piece => piece
            .Take(backups.Where(CountsOrMay).Select(backup => BaseIndex(backup, piece)).Where(index => index >= 0)
                .DefaultIfEmpty(piece.Count).Min())
            .Where(log => log.State == ArchivedLogState.Closed)),
    ];

    /// <summary>The log that a backup's own moment is in, or after which it is: what is needed behind it begins there.</summary>
    internal static ArchivedLog? BaseLog(Backup backup, IReadOnlyList<ArchivedLog> piece) =>
        BaseIndex(backup, piece) is >= 0 and var index ? piece[index] : null;

    // By its beginning alone: a backup may be begun between two logs, of which the later one goes on from the earlier one.
    private static int BaseIndex(Backup backup, IReadOnlyList<ArchivedLog> piece)
    {
        var index = piece.Count - 1;
        while (index >= 0 && !(piece[index].Begun <= backup.Created))
        {
            index--;
        }

        return index;
    }

    /// <summary>Logs that go on from each other.</summary>
    private static List<List<ArchivedLog>> Pieces(IReadOnlyList<ArchivedLog> logs)
    {
        var pieces = new List<List<ArchivedLog>>();
        foreach (var log in logs.Where(log => log is { Begun: not null, Parts: > 0, Deleted: false }))
        {
            if (pieces is [.., var last] && log.GoesOnFrom(last[^1]))
            {
                last.Add(log);
            }
            else
            {
                pieces.Add([log]);
            }
        }

        return pieces;
    }

    private static bool CountsOrMay(Backup backup) =>
        backup is
        {
            Deleted: false, TakenOn: null, State: BackupState.New or BackupState.Building or BackupState.Saving or BackupState.Completed,
        };
}
