using System.Globalization;
using Dbaas.Domain.Backups.Schedules;

namespace Dbaas.Domain.Tests.Schedules;

public sealed class CronTimesTests
{
    [Theory]
    [InlineData("0 3 * * *", "UTC", "2026-11-29T18:00:00Z", "2026-11-30T03:00:00Z")]
    [InlineData("*/5 * * * *", "UTC", "2026-11-29T18:00:00Z", "2026-11-29T18:05:00Z")]
    [InlineData("30 4 * * 1-5", "UTC", "2026-11-28T00:00:00Z", "2026-11-30T04:30:00Z")]
    [InlineData("0 0 * * 7", "UTC", "2026-11-30T00:00:00Z", "2026-12-06T00:00:00Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-07-01T18:00:00Z", "2026-07-02T01:00:00Z")]

    // In spring the hour from two to three is left out: the backup of that night comes when it ends.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]

    // In autumn it comes twice: the backup does not.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    public void The_next_time_is_the_first_one_behind_now(string cron, string zone, string now, string next)
    {
        Assert.Null(CronTimes.WhyNot(cron, zone));
        Assert.Equal(At(next), CronTimes.Next(cron, zone, At(now)));
    }

    [Theory]
    [InlineData("* * * * *", "more often than every 5 minutes")]
    [InlineData("*/4 * * * *", "more often than every 5 minutes")]
    [InlineData("0,3 12 * * *", "more often than every 5 minutes")]
    [InlineData("1,58 0,23 * * *", "more often than every 5 minutes")]
    [InlineData("0 0 30 2 *", "never comes")]
    [InlineData("0 0 13 * 5", "Name one of them")]
    [InlineData("0 0 0 * * *", "five fields")]
    [InlineData("0 25 * * *", "five fields")]
    [InlineData("@daily", "five fields")]
    [InlineData("nightly", "five fields")]
    [InlineData("", "five fields")]
    [InlineData("0 3 * *", "five fields")]
    public void What_cannot_be_a_schedule_is_refused_with_a_reason(string cron, string why) =>
        Assert.Contains(why, CronTimes.WhyNot(cron, CronTimes.Utc), StringComparison.Ordinal);

    [Fact]
    public void A_zone_that_is_not_known_here_is_refused_and_has_no_times()
    {
        Assert.Contains("no time zone 'Mars/Olympus'", CronTimes.WhyNot("0 3 * * *", "Mars/Olympus"), StringComparison.Ordinal);
        Assert.Null(CronTimes.Next("0 3 * * *", "Mars/Olympus", 0));
    }

    private static long At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
