using Dbaas.Persistence.Signals;

namespace Dbaas.Persistence.Tests;

public sealed class SignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_between_looking_and_waiting_is_not_missed()
    {
        var signal = new Signal();
        using var subscription = signal.Subscribe("key");

        signal.Set("key");
        signal.Set("key");

        Assert.True(await subscription.WaitAsync(Patience, Token));
        Assert.False(await subscription.WaitAsync(TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task Everybody_who_listens_to_the_key_wakes_and_nobody_else()
    {
        var signal = new Signal();
        using var one = signal.Subscribe("key");
        using var two = signal.Subscribe("key");
        using var other = signal.Subscribe("other");
        signal.Subscribe("key").Dispose();
        var waiting = Task.WhenAll(one.WaitAsync(Patience, Token), two.WaitAsync(Patience, Token));

        signal.Set("key");

        Assert.All(await waiting, Assert.True);
        Assert.False(await other.WaitAsync(TimeSpan.Zero, Token));
    }
}
