using Cronos;

namespace Dbaas.Domain.Backups.Schedules;

/// <summary>The times that five fields of a crontab name, in a time zone.</summary>
public static class CronTimes
{
    /// <summary>The zone where none is named.</summary>
    public const string Utc = "UTC";

    private const int Fields = 5;
    private const int DayOfMonth = 2;
    private const int DayOfWeek = 4;
    private const int TimesLookedAt = 600;

    /// <summary>Backups are not taken more often.</summary>
    public static readonly TimeSpan LeastPause = TimeSpan.FromMinutes(5);

    // A day that every crontab can be tried from: the times of one do not depend on when it was written.
    private static readonly DateTime Beginning = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Why these cannot be the times of a schedule.</summary>
    /// <returns>A sentence; null: they can.</returns>
    public static string? WhyNot(string cron, string timeZone)
    {
        if (!IsKnown(timeZone))
        {
            return $"There is no time zone '{timeZone}' here.";
        }

        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields || Parse(cron) is not { } times)
        {
            return $"'{cron}' is not a crontab's five fields: minute, hour, day of the month, month, day of the week.";
        }

        if (!IsAny(fields[DayOfMonth]) && !IsAny(fields[DayOfWeek]))
        {
            return $"'{cron}' names days of the month and days of the week: some read that as either, some as both. Name one of them.";
        }

        return LeastBetween(times) switch
        {
            null => $"'{cron}' never comes.",
            { } pause when pause < LeastPause => $"'{cron}' comes more often than every {LeastPause.TotalMinutes:0} minutes.",
            _ => null,
        };
    }

    /// <summary>This machine knows the zone. (One of them may not, whose package of zones is another.)</summary>
    public static bool IsKnown(string timeZone) => TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);

    /// <summary>The first of the times behind a moment.</summary>
    /// <param name="cron">Five fields.</param>
    /// <param name="timeZone">Their zone.</param>
    /// <param name="after">Unix milliseconds.</param>
    /// <returns>Unix milliseconds; null: there is none (any more), or this machine does not know the zone.</returns>
    public static long? Next(string cron, string timeZone, long after) =>
        Parse(cron) is { } times && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone)
        && times.GetNextOccurrence(DateTimeOffset.FromUnixTimeMilliseconds(after).UtcDateTime, zone) is { } next
            ? new DateTimeOffset(next, TimeSpan.Zero).ToUnixTimeMilliseconds()
            : null;

    private static CronExpression? Parse(string cron) =>
        CronExpression.TryParse(cron, CronFormat.Standard, out var parsed) ? parsed : null;

    private static bool IsAny(string field) => field is "*" or "?";

    // The same hours and minutes come on each of its days: some hundred times show every pause that there is.
    private static TimeSpan? LeastBetween(CronExpression times)
    {
        if (times.GetNextOccurrence(Beginning) is not { } before)
        {
            return null;
        }

        var least = TimeSpan.MaxValue;
        for (var looked = 0; looked < TimesLookedAt && times.GetNextOccurrence(before) is { } next; looked++)
        {
            least = next - before < least ? next - before : least;
            before = next;
        }

        return least;
    }
}
