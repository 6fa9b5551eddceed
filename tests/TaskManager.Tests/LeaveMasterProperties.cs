using Dbaas.TaskManager.Planning;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.TaskManager.Tests;

/// <summary>
/// Several slaves leave one master at once, each by the planner, in any order, with failures: the master is demoted once, by one of them,
/// and never while a slave is left.
/// </summary>
public sealed class LeaveMasterProperties
{
    private const int MostMoves = 2000;

    private static readonly Arbitrary<(int Slaves, int Stay, int[] Dice)> Stories = (
        from slaves in Gen.Choose(1, 4)
        from stay in Gen.Choose(0, 2)
        from dice in Gen.Choose(0, 1000).ArrayOf(60)
        select (slaves, stay, dice)).ToArbitrary();

    [Fact]
    public void However_they_leave_it_ends_and_the_master_is_demoted_exactly_when_none_is_left() =>
        Prop.ForAll(Stories, story => Play(story.Slaves, story.Stay, story.Dice))
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000));

    private static bool Play(int leaving, int staying, int[] dice)
    {
        var slaves = Enumerable.Range(0, leaving).Select(_ => new Slave()).ToList();
        var followers = leaving + staying;
        var (demoted, owner) = (false, (Slave?)null);
        for (var moves = 0; moves < MostMoves; moves++)
        {
            var active = slaves.Where(slave => !slave.IsDone).ToList();
            if (active.Count == 0)
            {
                return demoted == (staying == 0) && slaves.All(slave => slave is { Detached: true, Forgotten: true, Uncounted: true });
            }

            // The dice choose who is next and whether its move works; when they are used up, everything works.
            var roll = moves < dice.Length ? dice[moves] : moves * 2;
            var slave = active[roll % active.Count];
            var works = moves >= dice.Length || roll % 3 != 0;
            var move = LeaveMaster.Next(new LeaveMasterSeen
            {
                HasMaster = !slave.Uncounted,
                SlaveIsDeleted = false,
                SlaveAnswers = works,
                Detached = slave.Detached,
                MasterAnswers = true,
                Forgotten = slave.Forgotten,
                Uncounted = slave.Uncounted,
                MasterHasNoSlave = slave.WasLast && followers == 0,
                OwnsMaster = owner == slave,
                Demoted = demoted,
            });
            if (move == LeaveMasterMove.Finished)
            {
                slave.IsDone = true;
                owner = owner == slave ? null : owner;
            }
            else if (works)
            {
                switch (move)
                {
                    case LeaveMasterMove.DetachSlave:
                        slave.Detached = true;
                        break;
                    case LeaveMasterMove.ForgetSlave:
                        Assert.True(slave.Detached, "It would lose its user while it still follows.");
                        slave.Forgotten = true;
                        break;
                    case LeaveMasterMove.Uncount:
                        slave.Uncounted = true;
                        slave.WasLast = --followers == 0;
                        break;
                    case LeaveMasterMove.TakeMaster:
                        owner ??= slave;
                        break;
                    case LeaveMasterMove.DemoteMaster:
                        Assert.True(
                            followers == 0 && owner == slave && !demoted,
                            "It would demote a master that has slaves, or that is another's.");
                        demoted = true;
                        break;
                    default:
                        return false;
                }
            }
        }

        return false;
    }

    private sealed class Slave
    {
        public bool Detached { get; set; }

        public bool Forgotten { get; set; }

        public bool Uncounted { get; set; }

        public bool WasLast { get; set; }

        public bool IsDone { get; set; }
    }
}
