using Dbaas.Domain.Backups;

namespace Dbaas.Domain.Archives;

/// <summary>A stretch of time to each moment of which an instance can be restored. Moments are Unix microseconds.</summary>
/// <param name="Earliest">The first.</param>
/// <param name="Latest">The last.</param>
/// <param name="Backups">From which, by their ends.</param>
/// <param name="Logs">By which, in order.</param>
public sealed record RestorableTime(
    long Earliest, long Latest, IReadOnlyList<Backup> Backups, IReadOnlyList<ArchivedLog> Logs)
{
    /// <summary>The newest backup that holds nothing later than this; null: there is none.</summary>
    public Backup? BackupFor(long moment) => Backups.LastOrDefault(backup => RestorableTimes.EndOf(backup) <= moment);

    /// <summary>The logs that are needed behind a backup of this stretch, in order.</summary>
    public IReadOnlyList<ArchivedLog> LogsBehind(Backup backup) =>
        RestorableTimes.BaseLog(backup, Logs) is { } first ? [.. Logs.SkipWhile(log => log.Id != first.Id)] : [];
}
