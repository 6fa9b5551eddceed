using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Tests;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 500)]
    [InlineData(5, 4_000)]
    [InlineData(8, 30_000)]
    [InlineData(1_000_000, 30_000)]
    public void The_wait_doubles_up_to_half_a_minute(int attempt, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.Wait(attempt, chance: 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Chance_spreads_the_waits_over_the_upper_half(double chance)
    {
        var longest = Backoff.Wait(4, chance: 1);

        Assert.InRange(Backoff.Wait(4, chance), longest / 2, longest);
    }
}
