using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Tests;

public sealed class LeaveMasterTests
{
    private static readonly LeaveMasterSeen Begun = new()
    {
        HasMaster = true,
        SlaveIsDeleted = false,
        SlaveAnswers = true,
        Detached = false,
        MasterAnswers = true,
        Forgotten = false,
        Uncounted = false,
        MasterHasNoSlave = false,
        OwnsMaster = false,
        Demoted = false,
    };

    /// <summary>Every combination of the ten facts.</summary>
    private static IEnumerable<LeaveMasterSeen> All =>
        from bits in Enumerable.Range(0, 1 << 10)
        select new LeaveMasterSeen
        {
            HasMaster = Bit(bits, 0),
            SlaveIsDeleted = Bit(bits, 1),
            SlaveAnswers = Bit(bits, 2),
            Detached = Bit(bits, 3),
            MasterAnswers = Bit(bits, 4),
            Forgotten = Bit(bits, 5),
            Uncounted = Bit(bits, 6),
            MasterHasNoSlave = Bit(bits, 7),
            OwnsMaster = Bit(bits, 8),
            Demoted = Bit(bits, 9),
        };

    public static TheoryData<string, LeaveMasterSeen, LeaveMasterMove> Table => new()
    {
        { "an instance without a master is done", Begun with { HasMaster = false }, LeaveMasterMove.Finished },
        { "a slave first stops following", Begun, LeaveMasterMove.DetachSlave },
        { "a silent slave is waited for", Begun with { SlaveAnswers = false }, LeaveMasterMove.DetachSlave },
        { "a slave to be deleted that answers stops following", Begun with { SlaveIsDeleted = true }, LeaveMasterMove.DetachSlave },
        {
            "a silent slave to be deleted is not waited for", Begun with { SlaveIsDeleted = true, SlaveAnswers = false },
            LeaveMasterMove.ForgetSlave
        },
        { "then the master forgets it", Begun with { Detached = true }, LeaveMasterMove.ForgetSlave },
        { "a silent master forgets it later", Begun with { Detached = true, MasterAnswers = false }, LeaveMasterMove.ForgetLater },
        { "then it is not counted any more", Begun with { Detached = true, Forgotten = true }, LeaveMasterMove.Uncount },
        { "others follow: done", Left, LeaveMasterMove.Finished },
        { "it was the last one: the master is taken", Left with { MasterHasNoSlave = true }, LeaveMasterMove.TakeMaster },
        { "and demoted", Left with { MasterHasNoSlave = true, OwnsMaster = true }, LeaveMasterMove.DemoteMaster },
        { "and that is all", Left with { MasterHasNoSlave = true, OwnsMaster = true, Demoted = true }, LeaveMasterMove.Finished },
        { "a silent master is left to upkeep", Left with { MasterHasNoSlave = true, MasterAnswers = false }, LeaveMasterMove.Finished },
    };

    private static LeaveMasterSeen Left => Begun with { HasMaster = false, Detached = true, Forgotten = true, Uncounted = true };

    [Theory]
    [MemberData(nameof(Table))]
    public void The_next_move_follows_from_what_is_seen(string because, LeaveMasterSeen seen, LeaveMasterMove expected) =>
        Assert.True(LeaveMaster.Next(seen) == expected, $"{because}: {LeaveMaster.Next(seen)}");

    [Fact]
    public void Every_combination_has_a_move()
    {
        Assert.All(All, seen => Assert.NotEqual(LeaveMasterMove.Undecided, LeaveMaster.Next(seen)));
    }

    [Fact]
    public void The_master_is_never_demoted_while_a_slave_is_named_or_others_hold_it()
    {
        Assert.All(
            All.Where(seen => LeaveMaster.Next(seen) == LeaveMasterMove.DemoteMaster),
            seen =>
                Assert.True(seen is { Uncounted: true, MasterHasNoSlave: true, OwnsMaster: true, MasterAnswers: true }, seen.ToString()));
    }

    [Fact]
    public void The_master_forgets_no_slave_that_may_still_follow_unless_it_is_to_be_deleted_and_silent()
    {
        Assert.All(
            All.Where(seen => LeaveMaster.Next(seen) is LeaveMasterMove.ForgetSlave or LeaveMasterMove.ForgetLater),
            seen => Assert.True(seen.Detached || seen is { SlaveIsDeleted: true, SlaveAnswers: false }, seen.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_everything_that_can_be_seen_the_moves_lead_to_the_end(bool isDeleted)
    {
        var ends = new HashSet<LeaveMasterSeen>();
        var reached = new HashSet<LeaveMasterSeen>();
        var open = new Stack<LeaveMasterSeen>([Begun with { SlaveIsDeleted = isDeleted }]);
        while (open.TryPop(out var seen))
        {
            if (!reached.Add(seen))
            {
                continue;
            }

            var move = LeaveMaster.Next(seen);
            if (move == LeaveMasterMove.Finished)
            {
                ends.Add(seen);
                continue;
            }

            var after = After(seen, move).ToList();
            Assert.Contains(after, next => next != seen);
            after.ForEach(open.Push);
        }

        Assert.All(ends, end => Assert.True(end is { HasMaster: false, Uncounted: true, Forgotten: true }, end.ToString()));
        Assert.Contains(ends, end => end.Demoted);
        Assert.All(reached, seen => Assert.True(EndsFrom(seen), $"No way leads on from {seen}"));
    }

    /// <summary>With a slave and a master that answer, and nobody else at the master, the moves themselves lead to the end.</summary>
    private static bool EndsFrom(LeaveMasterSeen seen)
    {
        seen = seen with { SlaveAnswers = true, MasterAnswers = true };
        for (var moves = 0; moves < 10; moves++)
        {
            var move = LeaveMaster.Next(seen);
            if (move == LeaveMasterMove.Finished)
            {
                return true;
            }

            seen = Succeed(seen, move, isLast: true);
        }

        return false;
    }

    /// <summary>What can be seen after a move: it worked, or not; and either server may answer or not by then.</summary>
    private static IEnumerable<LeaveMasterSeen> After(LeaveMasterSeen seen, LeaveMasterMove move) =>
        from next in new[] { seen, Succeed(seen, move, isLast: true), Succeed(seen, move, isLast: false) }
        from slaveAnswers in new[] { true, false }
        from masterAnswers in new[] { true, false }
        select next with { SlaveAnswers = slaveAnswers, MasterAnswers = masterAnswers };

    private static LeaveMasterSeen Succeed(LeaveMasterSeen seen, LeaveMasterMove move, bool isLast) => move switch
    {
        LeaveMasterMove.DetachSlave => seen with { Detached = true },
        LeaveMasterMove.ForgetSlave or LeaveMasterMove.ForgetLater => seen with { Forgotten = true },
        LeaveMasterMove.Uncount => seen with { Uncounted = true, HasMaster = false, MasterHasNoSlave = isLast },
        LeaveMasterMove.TakeMaster => seen with { OwnsMaster = true },
        LeaveMasterMove.DemoteMaster => seen with { Demoted = true },
        _ => seen,
    };

    private static bool Bit(int bits, int index) => (bits >> index & 1) == 1;
}
