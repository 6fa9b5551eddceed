using Dbaas.TaskManager.Upkeep;

namespace Dbaas.TaskManager.Tests;

public sealed class RoundTests
{
    [Fact]
    public void It_goes_through_all_and_begins_again()
    {
        string[] all = ["a", "b", "c", "d", "e"];
        var round = new Round(atOnce: 2);
        var seen = new List<string>();
        for (var look = 0; look < 4; look++)
        {
            var page = all.Where(id => string.CompareOrdinal(id, round.After) > 0).Take(round.AtOnce).ToList();
            seen.Add(string.Concat(page));
            round.Saw(page);
        }

        Assert.Equal(["ab", "cd", "e", "ab"], seen);
    }

    [Fact]
    public void Behind_a_last_page_that_is_full_comes_an_empty_one()
    {
        var round = new Round(atOnce: 1);

        round.Saw(["a"]);
        Assert.Equal("a", round.After);
        round.Saw([]);

        Assert.Equal("", round.After);
    }
}
