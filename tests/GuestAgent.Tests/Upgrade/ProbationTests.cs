using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestAgent.Upgrade;

namespace Dbaas.GuestAgent.Tests.Upgrade;

public sealed class ProbationTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly RecordedEvents events = new();
    private readonly Slots slots;

    public ProbationTests()
    {
        slots = new Slots(folder.Path);
        slots.Write(new SlotRecord { Current = new SlotRelease("a", "1"), Candidate = new Candidate(new SlotRelease("b", "2"), "u1", 60) });
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_release_has_proved_itself_when_a_report_of_it_was_accepted()
    {
        var probation = new Probation(slots, "b", _ => { });
        Assert.False(probation.Proved.IsCompleted);

        probation.Accepted(events);

        Assert.True(probation.Proved.IsCompleted);
        Assert.Equal(new SlotRecord { Current = new SlotRelease("b", "2") }, slots.Read());
        Assert.Equal("agent-upgraded", Assert.Single(events.All).Kind);
    }

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public void A_report_of_the_old_one_proves_nothing(string? slot)
    {
        var before = slots.Read();
        var probation = new Probation(slots, slot, _ => { });

        probation.Accepted(events);

        Assert.True(probation.Proved.IsCompleted);
        Assert.Equal(before, slots.Read());
        Assert.Empty(events.All);
    }

    [Fact]
    public void A_program_that_is_not_what_it_was_said_to_be_gives_way()
    {
        Assert.True(new Probation(slots, "b", _ => { }).IsAsNamed("2"));
        Assert.True(new Probation(slots, "a", _ => { }).IsAsNamed("anything"));
        Assert.NotNull(slots.Read().Candidate);

        Assert.False(new Probation(slots, "b", _ => { }).IsAsNamed("3"));

        Assert.Null(slots.Read().Candidate);
        Assert.Contains("calls itself 3", slots.Read().Failed!.Why, StringComparison.Ordinal);
    }
}
