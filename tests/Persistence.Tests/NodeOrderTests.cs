using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Tests;

public sealed class NodeOrderTests
{
    private readonly Clock time = new();

    [Fact]
    public void The_first_of_the_list_is_preferred_however_often_one_asks()
    {
        var order = new NodeOrder(3, NodeChoice.PreferFirst, start: 2, time);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal([0, 1, 2], order.Next()));
    }

    [Fact]
    public void Spread_means_that_each_is_first_in_turn()
    {
        var order = new NodeOrder(3, NodeChoice.Spread, start: 2, time);

        Assert.Equal([2, 0, 1, 2], Enumerable.Range(0, 4).Select(_ => order.Next()[0]));
    }

    [Theory]
    [InlineData(NodeChoice.PreferFirst)]
    [InlineData(NodeChoice.Spread)]
    public void One_that_failed_comes_last_for_half_a_minute_and_is_come_back_to(NodeChoice choice)
    {
        var order = new NodeOrder(3, choice, start: 0, time);
        order.Tried(0, worked: false);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(0, order.Next()[^1]));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains(0, Enumerable.Range(0, 3).Select(_ => order.Next()[0]));
    }

    [Fact]
    public void One_that_works_again_is_no_more_avoided()
    {
        var order = new NodeOrder(2, NodeChoice.PreferFirst, start: 0, time);
        order.Tried(0, worked: false);
        order.Tried(0, worked: true);

        Assert.Equal([0, 1], order.Next());
    }

    [Fact]
    public void Where_all_have_failed_all_are_tried() =>
        Assert.Equal(3, Failed(new NodeOrder(3, NodeChoice.PreferFirst, start: 0, time)).Next().Distinct().Count());

    private static NodeOrder Failed(NodeOrder order)
    {
        for (var index = 0; index < 3; index++)
        {
            order.Tried(index, worked: false);
        }

        return order;
    }

    private sealed class Clock : TimeProvider
    {
        private TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Advance(TimeSpan by) => now += by;
    }
}
