using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Tests;

/// <summary>What is said of a volume that fills up.</summary>
public sealed class VolumeAlarmTests
{
    private const long Megabyte = 1024 * 1024;

    [Theory]
    [InlineData(new[] { 10, 79 }, 0)]
    [InlineData(new[] { 80 }, 1)]
    [InlineData(new[] { 79, 80, 79, 81, 94, 76, 80 }, 1)]
    [InlineData(new[] { 80, 74, 80 }, 2)]
    [InlineData(new[] { 80, 95, 99, 100 }, 2)]
    [InlineData(new[] { 96 }, 1)]
    [InlineData(new[] { 96, 91, 97 }, 1)]
    [InlineData(new[] { 96, 89, 96 }, 2)]
    [InlineData(new[] { 96, 40, 85, 96 }, 3)]
    public void It_is_said_once_when_a_mark_is_reached_and_again_only_after_it_was_well_below(int[] percents, int times)
    {
        var events = new RecordedEvents();
        var alarm = new VolumeAlarm(events);
        foreach (var percent in percents)
        {
            alarm.Look(new VolumeUse(100 * Megabyte, percent * Megabyte));
        }

        Assert.Equal(Enumerable.Repeat("volume-filling", times), events.Kinds);
    }

    [Fact]
    public void A_volume_of_which_nothing_is_known_is_no_alarm()
    {
        var events = new RecordedEvents();
        new VolumeAlarm(events).Look(new VolumeUse(0, 0));

        Assert.Empty(events.Kinds);
    }
}
