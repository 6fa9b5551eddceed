using System.Text.Json;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Guests;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TroveApi.Archives;

/// <summary>Reads to which moments an instance can be restored, with what its agent last said of the log that is being written.</summary>
internal static class RestorableReader
{
    public static IReadOnlyList<RestorableTime> Load(IUnit unit, string instanceId)
    {
        var logs = ArchivedLogRows.Of(unit, instanceId);
        if (logs.Min(log => log.Begun) is not { } begun)
        {
            return [];
        }

        var jobs = GuestRows.Find(unit, instanceId)?.Jobs is { } said
            ? JsonSerializer.Deserialize<List<JobProgress>>(said, JsonSerializerOptions.Web)!
            : [];
        return RestorableTimes.Of(BackupRows.CompletedSince(unit, instanceId, begun), [.. WithNews(logs, jobs)]);
    }

    /// <summary>An open log in which nothing is yet makes the one before it whole for longer.</summary>
    private static IEnumerable<ArchivedLog> WithNews(IReadOnlyList<ArchivedLog> logs, List<JobProgress> jobs)
    {
        var open = logs[^1] is { State: ArchivedLogState.Open } last ? last : null;

        // A question's id begins with that of the operation that asks it.
        var whole = open?.LockOwner is { } owner && open.Begun is not null
            ? jobs.FirstOrDefault(job => job.CommandId.StartsWith($"{owner}/", StringComparison.Ordinal))?.WholeUntil
            : null;
        return logs.Select(log => whole is not null && (log == open || (open!.Parts == 0 && open.GoesOnFrom(log)))
            ? log with { WholeUntil = whole }
            : log);
    }
}
