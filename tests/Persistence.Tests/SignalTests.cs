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

    [Fact]
    public async Task Other_nodes_are_told_what_happens_here_and_what_they_tell_is_not_passed_on()
    {
        var told = new Told();
        var signals = new ControlSignals(told);
        using var command = signals.Commands.Subscribe("instance");
        using var reply = signals.Replies.Subscribe("command");
        using var operation = signals.ListenForOperations();
        using var configuration = signals.ListenForConfigurations();
        Subscription[] all = [command, reply, operation, configuration];

        signals.CommandIsThere("instance");
        signals.ReplyIsThere("command");
        signals.OperationIsDue();
        signals.ConfigurationHasChanged();
        (SignalKind, string)[] expected =
        [
            (SignalKind.Command, "instance"), (SignalKind.Reply, "command"), (SignalKind.Operation, ""), (SignalKind.Configuration, ""),
        ];
        Assert.Equal(expected, told.Signals);
        foreach (var one in all)
        {
            Assert.True(await one.WaitAsync(Patience, Token));
        }

        told.Signals.Clear();
        foreach (var (kind, key) in expected.Append(((SignalKind)99, "of a later release")))
        {
            signals.Heard(kind, key);
        }

        Assert.Empty(told.Signals);
        foreach (var one in all)
        {
            Assert.True(await one.WaitAsync(Patience, Token));
        }
    }

    private sealed class Told : IRemoteSignals
    {
        public List<(SignalKind Kind, string Key)> Signals { get; } = [];

        public void Tell(SignalKind kind, string key) => Signals.Add((kind, key));
    }
}
