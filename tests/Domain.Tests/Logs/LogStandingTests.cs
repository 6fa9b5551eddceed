using Dbaas.Domain.Logs;

namespace Dbaas.Domain.Tests.Logs;

public sealed class LogStandingTests
{
    [Theory]
    [InlineData(true, false, 0, 0, null, 0, "Disabled", 0)]
    [InlineData(true, false, 0, 50, 20, 20, "Disabled", 30)]
    [InlineData(true, true, 0, 0, null, 0, "Enabled", 0)]
    [InlineData(true, true, 0, 50, null, 0, "Ready", 50)]
    [InlineData(true, true, 0, 50, 20, 20, "Partial", 30)]
    [InlineData(true, true, 0, 50, 50, 50, "Published", 0)]
    [InlineData(true, true, 30, 50, 20, 20, "Rotated", 20)]
    [InlineData(true, true, 30, 50, null, 0, "Ready", 20)]
    [InlineData(true, true, 30, 50, 30, 20, "Partial", 20)]
    [InlineData(true, true, 0, 50, 90, 90, "Rotated", 50)]
    [InlineData(true, true, 30, 50, 0, 0, "Ready", 20)]
    [InlineData(false, true, 0, 0, null, 0, "Unavailable", 0)]
    [InlineData(false, true, 0, 50, null, 0, "Ready", 50)]
    public void A_log_stands_as_Trove_says_it(
        bool isChosen, bool isEnabled, long first, long end, int? reached, long published, string status, long pending)
    {
        var log = reached is { } place ? new PublishedLog { Reached = place, Published = published } : null;

        Assert.Equal(
            new LogStanding(status, published, pending), LogStanding.Of(new WrittenLog(isChosen, isEnabled, first, end), log));
    }

    [Fact]
    public void A_log_has_one_id_and_no_two_logs_have_the_same()
    {
        Assert.Equal(PublishedLog.IdOf("a", "general"), PublishedLog.IdOf("a", "general"));
        string[] others = [PublishedLog.IdOf("a", "general"), PublishedLog.IdOf("a", "error"), PublishedLog.IdOf("b", "error")];
        Assert.Equal(3, others.Distinct().Count());
        Assert.Equal(36, PublishedLog.IdOf("a", "general").Length);
    }
}
