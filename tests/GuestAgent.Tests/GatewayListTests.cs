using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Tests;

public sealed class GatewayListTests
{
    private static readonly string[] Three = ["https://one/", "https://two/", "https://three/"];

    private readonly Clock clock = new();

    [Fact]
    public void Agents_spread_over_all_gateways()
    {
        var chance = new Random(7);

        var chosen = Enumerable.Range(0, 300).Select(_ => List(chance.NextDouble).Current.ToString()).CountBy(url => url).ToList();

        Assert.Equal(3, chosen.Count);
        Assert.All(chosen, one => Assert.InRange(one.Value, 60, 140));
    }

    [Fact]
    public void One_that_does_not_answer_is_left_and_come_back_to_after_a_while()
    {
        var chance = new Random(7);
        var list = List(chance.NextDouble);
        var dead = list.Current;

        list.Leave(dead);
        for (var minute = 0; minute < 4; minute++)
        {
            Assert.NotEqual(dead, list.Current);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new HashSet<Uri>();
        for (var hour = 0; hour < 24; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            seen.Add(list.Current);
        }

        Assert.Contains(dead, seen);
    }

    /// <summary>As in a rolling upgrade: whoever is being replaced signs off, and comes back.</summary>
    [Fact]
    public void One_that_is_not_named_any_more_is_asked_when_no_other_answers()
    {
        var list = new GatewayList(["https://one/"], file: null, () => 0, clock, _ => { });
        list.Learn(new GatewayNews(["https://one/", "https://two/"], "both"));
        list.Learn(new GatewayNews(["https://one/"], "one"));

        list.Leave(list.Current);

        Assert.Equal("https://two/", list.Current.ToString());
    }

    [Fact]
    public void Where_all_that_were_named_are_away_those_that_it_was_given_are_asked_and_where_all_are_the_one_that_failed_longest_ago()
    {
        var list = List(() => 0);
        list.Learn(new GatewayNews(["https://four/", "https://five/", "ftp://no/", "no"], "mark"));
        Assert.Equal(5, list.Count);
        for (var left = 0; left < 5; left++)
        {
            list.Leave(list.Current);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Three[0], list.Current.ToString());
        list.Learn(null);
        Assert.Equal(5, list.Count);
    }

    private GatewayList List(Func<double> random) => new(Three, file: null, random, clock, _ => { });

    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
