using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Tests;

/// <summary>Who takes over when the master cannot be asked.</summary>
public sealed class SuccessorChoiceTests
{
    /// <summary>
    /// Three slaves, each with any of three transactions: whoever is chosen has all that the others have; if there is such a one, one is
    /// chosen; and no more is asked than there are others.
    /// </summary>
    [Fact]
    public void Whoever_is_chosen_has_all_that_any_other_has_and_nobody_is_where_nobody_has()
    {
        var (chosen, refused) = (0, 0);
        string[] slaves = ["a", "b", "c"];
        for (var all = 0; all < 512; all++)
        {
            var has = slaves.Select((name, i) => (name, Has: (all >> (3 * i)) & 7)).ToDictionary(one => one.name, one => one.Has);
            var told = new List<ComparedPair>();
            SuccessorMove move;
            while ((move = SuccessorChoice.Next(slaves, told)) is SuccessorMove.Compare compare)
            {
                told.Add(new ComparedPair(compare.Asked, compare.Other, Relation(has[compare.Asked], has[compare.Other]), null));
            }

            Assert.InRange(told.Count, 1, 2);
            var union = has.Values.Aggregate((one, other) => one | other);
            if (move is SuccessorMove.Choose choice)
            {
                Assert.Equal(union, has[choice.InstanceId]);
                chosen++;
            }
            else
            {
                Assert.Contains(told, pair => pair.Relation == PositionRelation.Diverged);
                refused++;
            }
        }

        Assert.True(chosen > 100 && refused > 100, $"{chosen} chosen, {refused} refused");
    }

    [Fact]
    public void One_slave_takes_over_without_a_question() =>
        Assert.Equal(new SuccessorMove.Choose("a"), SuccessorChoice.Next(["a"], []));

    [Fact]
    public void An_answer_that_says_nothing_refuses() =>
        Assert.IsType<SuccessorMove.Refuse>(
            SuccessorChoice.Next(["a", "b"], [new ComparedPair("a", "b", PositionRelation.Unknown, null)]));

    private static PositionRelation Relation(int one, int other) => (one & other) switch
    {
        var both when both == one && both == other => PositionRelation.Equal,
        var both when both == other => PositionRelation.Ahead,
        var both when both == one => PositionRelation.Behind,
        _ => PositionRelation.Diverged,
    };
}
