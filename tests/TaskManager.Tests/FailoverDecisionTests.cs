using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Tests;

/// <summary>When a set fails over by itself, and when not.</summary>
public sealed class FailoverDecisionTests
{
    private const int Now = 1_000_000;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static readonly MemberSight Silent = Member("m", "Healthy", silentFor: 5_000);

    /// <summary>By the word of more than one: a silent agent alone is no dead database, a lost receiver no dead master.</summary>
    [Theory]
    [InlineData(5_000, "Healthy", false, true)]
    [InlineData(5_000, "Healthy", true, false)]
    [InlineData(3_000, "Healthy", false, false)]
    [InlineData(0, "Healthy", false, false)]
    [InlineData(0, "Stopped", false, false)]
    [InlineData(0, "Blocked", false, true)]
    [InlineData(0, "Blocked", true, false)]
    [InlineData(0, "Crashed", false, true)]
    public void It_fails_over_by_the_word_of_the_master_s_agent_or_its_silence_and_of_every_slave(
        int silentFor, string state, bool receiving, bool expected) =>
        Assert.Equal(expected, Next(Member("m", state, silentFor), Slave("a"), Slave("b", receiving: receiving)) is FailoverMove.FailOver);

    [Fact]
    public void A_database_that_its_agent_is_bringing_back_gets_the_time_for_it()
    {
        var (crashed, slave) = (Member("m", "Crashed"), Slave("a"));

        Assert.IsType<FailoverMove.Nothing>(
            FailoverDecision.Next(crashed, [slave], FailoverDecision.Mending - TimeSpan.FromMilliseconds(1), null));
        Assert.IsType<FailoverMove.FailOver>(FailoverDecision.Next(crashed, [slave], FailoverDecision.Mending, null));
        Assert.IsType<FailoverMove.Nothing>(
            FailoverDecision.Next(Member("m", "Starting"), [slave], FailoverDecision.Mending - TimeSpan.FromMilliseconds(1), null));
        AssertHeld("may be recovering", FailoverDecision.Next(Member("m", "Starting"), [slave], Long, null));
    }

    [Fact]
    public void Where_nobody_is_heard_it_may_be_the_control_plane_that_is_cut_off() =>
        Assert.IsType<FailoverMove.Nothing>(Next(Silent, Silence("a"), Silence("b")));

    /// <summary>They were told to, lack a purged log, or the master refuses them: too many connections, a wrong password.</summary>
    [Fact]
    public void Slaves_that_stopped_for_another_reason_say_nothing_of_the_master() =>
        Assert.IsType<FailoverMove.Nothing>(Next(Silent, Slave("a", lost: false), Slave("b", lost: false)));

    [Fact]
    public void A_master_that_was_silent_already_when_no_gateway_was_there_gets_a_minute()
    {
        static MemberSight AfterOutage(int silentFor) =>
            Heard(Member("m", "Healthy"), guest => guest with { LastSeen = Now - 500_000, SilentSince = Now - silentFor });

        Assert.IsType<FailoverMove.Nothing>(Next(AfterOutage(59_000), Slave("a")));
        Assert.IsType<FailoverMove.FailOver>(Next(AfterOutage(61_000), Slave("a")));
    }

    [Fact]
    public void A_set_without_slaves_has_nobody_to_fail_over_to() => Assert.IsType<FailoverMove.Nothing>(Next(Silent));

    [Fact]
    public void Whatever_an_operation_does_to_the_master_is_that_operation_s()
    {
        Assert.IsType<FailoverMove.Nothing>(Next(With(Silent, row => row with { LockOwner = "restart" }), Slave("a")));
        Assert.IsType<FailoverMove.Nothing>(Next(With(Silent, row => row with { Lifecycle = Lifecycle.Broken }), Slave("a")));
        Assert.IsType<FailoverMove.Nothing>(Next(Silent with { Guest = null }, Slave("a")));
    }

    [Fact]
    public void What_may_be_lost_or_is_in_the_way_holds_it_and_is_named()
    {
        AssertHeld("at work on m, a backup or a new replica", Next(With(Silent, row => row with { LockShared = 1 }), Slave("a")));
        AssertHeld("at work on its replica b", Next(Silent, Slave("a"), With(Slave("b"), row => row with { LockShared = 1 })));
        AssertHeld("at work on its replica b", Next(Silent, Slave("a"), With(Slave("b"), row => row with { LockOwner = "o" })));
        AssertHeld("replica b is not whole", Next(Silent, Slave("a"), With(Slave("b"), row => row with { Lifecycle = Lifecycle.Broken })));
        AssertHeld("replica b is not heard either", Next(Silent, Slave("a"), Silence("b")));
        AssertHeld("replica b does not work", Next(Silent, Slave("a"), Slave("b", state: "Blocked")));
        AssertHeld("stopped to receive for another reason: key twice", Next(Silent, Slave("a"), Slave("b", lost: false)));
        AssertHeld("cannot apply what it has received: key twice", Next(Silent, Slave("a"), Slave("b", applying: false)));
    }

    [Fact]
    public void A_second_time_within_ten_minutes_waits_for_somebody_to_look()
    {
        AssertHeld("the last one was 9 min ago", FailoverDecision.Next(Silent, [Slave("a")], default, TimeSpan.FromMinutes(9)));
        Assert.IsType<FailoverMove.FailOver>(FailoverDecision.Next(Silent, [Slave("a")], default, FailoverDecision.Rest));
    }

    private static void AssertHeld(string why, FailoverMove move) =>
        Assert.Contains(why, Assert.IsType<FailoverMove.Hold>(move).Because, StringComparison.Ordinal);

    private static FailoverMove Next(MemberSight master, params MemberSight[] slaves) =>
        FailoverDecision.Next(master, slaves, FailoverDecision.IsTroubled(master) ? Long : TimeSpan.Zero, sinceLast: null);

    private static MemberSight Silence(string id) => Member(id, "Healthy", silentFor: 5_000);

    private static MemberSight Slave(string id, bool receiving = false, bool lost = true, bool applying = true, string state = "Healthy") =>
        Heard(
            Member(id, state),
            guest => guest with
            {
                Receiving = receiving, SourceLost = lost && !receiving, Applying = applying,
                ReplicationError = applying && lost ? null : "key twice",
            });

    private static MemberSight Heard(MemberSight member, Func<GuestState, GuestState> change) =>
        member with { Guest = change(member.Guest!) };

    private static MemberSight With(MemberSight member, Func<Instance, Instance> change) =>
        member with { Instance = change(member.Instance) };

    private static MemberSight Member(string id, string state, int silentFor = 0) => new(
        new Instance { Id = id, Lifecycle = Lifecycle.Ready },
        new GuestState
        {
            InstanceId = id, ServerState = state, ReadAt = Now, LastSeen = Now - silentFor, SilentSince = Now - silentFor, Applying = true,
        });
}
