namespace Dbaas.Persistence.Tests;

public sealed class RetryPauseTests
{
    [Theory]
    [InlineData(0, 20)]
    [InlineData(3, 160)]
    [InlineData(6, 1000)]
    [InlineData(40, 1000)]
    public void A_pause_is_anything_between_nothing_and_a_limit_that_grows_to_a_second(int attempt, int most)
    {
        Assert.Equal(TimeSpan.Zero, Retries.Pause(attempt, chance: 0));
        Assert.Equal(TimeSpan.FromMilliseconds(most / 2.0), Retries.Pause(attempt, chance: 0.5));
    }
}
