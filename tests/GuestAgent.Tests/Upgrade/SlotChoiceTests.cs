using Dbaas.GuestAgent.Upgrade;

namespace Dbaas.GuestAgent.Tests.Upgrade;

public sealed class SlotChoiceTests
{
    private const int Seconds = 60;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);
    private static readonly SlotRelease Old = new("a", "1");
    private static readonly SlotRelease New = new("b", "2");
    private static readonly Candidate Fresh = new(New, "u1", Seconds);

    [Fact]
    public void Without_a_record_the_program_that_the_server_came_with_is_started()
    {
        var choice = SlotChoice.Of(new SlotRecord(), Now);

        Assert.Equal(new SlotChoice(new SlotRecord(), null, null), choice);
    }

    [Fact]
    public void What_has_proved_itself_is_started_without_an_alarm()
    {
        var record = new SlotRecord { Current = Old };

        Assert.Equal(new SlotChoice(record, Old, null), SlotChoice.Of(record, Now));
    }

    [Fact]
    public void A_new_release_is_started_under_an_alarm_and_its_start_is_counted()
    {
        var choice = SlotChoice.Of(new SlotRecord { Current = Old, Candidate = Fresh }, Now);

        Assert.Equal((New, Seconds), (choice.Release, choice.EndsInSeconds));
        Assert.Equal(Fresh with { Starts = 1, FirstStart = Now }, choice.Record.Candidate);
        Assert.Equal(Old, choice.Record.Current);
    }

    [Theory]
    [InlineData(1, 20, 40)]
    [InlineData(1, 59.5, 1)]
    [InlineData(1, 60, null)]
    [InlineData(1, 3600, null)]
    [InlineData(1, -1, null)]
    [InlineData(2, 1, null)]
    public void A_second_start_has_what_is_left_of_the_time_and_a_third_is_none(int starts, double sinceFirst, int? endsIn)
    {
        var record = new SlotRecord { Current = Old, Candidate = Fresh with { Starts = starts, FirstStart = Now.AddSeconds(-sinceFirst) } };

        var choice = SlotChoice.Of(record, Now);

        Assert.Equal((endsIn is null ? Old : New, endsIn), (choice.Release, choice.EndsInSeconds));
        if (endsIn is null)
        {
            Assert.Null(choice.Record.Candidate);
            Assert.Equal("u1", choice.Record.Failed!.UpgradeId);
            Assert.Contains("The old one is back", choice.Record.Failed.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_failed_without_a_predecessor_in_a_slot_gives_way_to_the_program_that_the_server_came_with()
    {
        var choice = SlotChoice.Of(new SlotRecord { Candidate = Fresh with { Starts = 2, FirstStart = Now } }, Now);

        Assert.Null(choice.Release);
        Assert.NotNull(choice.Record.Failed);
    }

    [Fact]
    public void What_is_proved_takes_the_place_of_its_predecessor_whose_slot_is_free_then()
    {
        var record = SlotChoice.Confirm(new SlotRecord { Current = Old, Candidate = Fresh, Failed = new FailedUpgrade("u0", "no") });

        Assert.Equal(new SlotRecord { Current = New }, record);
        Assert.Equal("a", Slots.FreeIn(record));
        Assert.Equal("a", Slots.FreeIn(new SlotRecord()));
        Assert.Equal("b", Slots.FreeIn(new SlotRecord { Current = Old }));
    }
}
