using System.Diagnostics;
using Dbaas.Persistence.Signals;
using Dbaas.Testing;

namespace Dbaas.Broker.Tests;

/// <summary>What one node signals wakes those who wait on another.</summary>
public sealed class SignalTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_of_one_node_wakes_who_waits_on_another_within_50_ms()
    {
        await using var here = await ConnectedAsync();
        await using var there = await ConnectedAsync();
        using var waiting = there.Signals.Commands.Subscribe("i");
        var taken = new List<TimeSpan>();
        for (var round = 0; round < 21; round++)
        {
            var watch = Stopwatch.StartNew();
            here.Signals.CommandIsThere("i");
            Assert.True(await waiting.WaitAsync(Patience, Cancel));
            taken.Add(watch.Elapsed);
        }

        // Of many: the machine may be busy for a moment.
        Assert.InRange(taken.Order().ElementAt(taken.Count / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Every_kind_of_signal_arrives_where_its_key_is_waited_for_and_nowhere_else()
    {
        await using var here = await ConnectedAsync();
        await using var there = await ConnectedAsync();
        using var other = there.Signals.Replies.Subscribe("other");
        using var reply = there.Signals.Replies.Subscribe("id with a blank");
        using var operation = there.Signals.ListenForOperations();
        using var configuration = there.Signals.ListenForConfigurations();

        here.Signals.ReplyIsThere("id with a blank");
        here.Signals.OperationIsDue();
        here.Signals.ConfigurationHasChanged();

        Assert.True(await reply.WaitAsync(Patience, Cancel));
        Assert.True(await operation.WaitAsync(Patience, Cancel));
        Assert.True(await configuration.WaitAsync(Patience, Cancel));
        Assert.False(await other.WaitAsync(TimeSpan.Zero, Cancel));
    }

    [Fact]
    public async Task A_signal_does_not_come_back_to_the_node_that_gave_it()
    {
        await using var here = await ConnectedAsync();
        await using var there = await ConnectedAsync();
        using var own = here.Signals.Commands.Subscribe("own");
        using var theirs = there.Signals.Commands.Subscribe("behind");
        here.Signals.CommandIsThere("own");
        Assert.True(await own.WaitAsync(Patience, Cancel));

        // What is sent later arrives later, also at the one who sent it.
        here.Signals.CommandIsThere("behind");
        Assert.True(await theirs.WaitAsync(Patience, Cancel));

        Assert.False(await own.WaitAsync(TimeSpan.Zero, Cancel));
    }

    [Fact]
    public async Task A_broker_that_is_killed_costs_nothing_but_the_wakes_and_they_come_back_with_it()
    {
        await using var server = new BrokerFixture();
        await server.InitializeAsync();
        await using var here = await ConnectedAsync(server);
        await using var there = await ConnectedAsync(server);
        using var waiting = there.Signals.Commands.Subscribe("i");

        await server.Server.KillAsync();
        await Eventually.HoldsAsync("the loss is seen", Patience, () => !here.IsOpen && !there.IsOpen);
        here.Signals.CommandIsThere("i");
        await server.Server.StartAgainAsync();

        await Eventually.HoldsAsync("both are back", Patience, () => here.IsOpen && there.IsOpen);
        await Eventually.HoldsAsync(
            "a wake arrives",
            Patience,
            async () =>
            {
                here.Signals.CommandIsThere("i");
                return await waiting.WaitAsync(TimeSpan.FromSeconds(1), Cancel);
            });
    }

    [Fact]
    public async Task A_broker_that_was_never_there_is_waited_for_without_holding_up_anybody()
    {
        await using var here = await Node.StartAsync(
            new BrokerOptions { Url = new Uri($"amqp://u:p@localhost:{FreePort.Find()}"), NodeName = "n" });
        using var own = here.Signals.Commands.Subscribe("i");

        here.Signals.CommandIsThere("i");

        Assert.True(await own.WaitAsync(TimeSpan.Zero, Cancel));
        Assert.False(here.IsOpen);
    }

    private Task<Node> ConnectedAsync() => ConnectedAsync(broker);

    private static async Task<Node> ConnectedAsync(BrokerFixture broker)
    {
        var node = await Node.StartAsync(new BrokerOptions { Url = new Uri(broker.Server.Url), NodeName = "n" });
        await Eventually.HoldsAsync("it is connected", Patience, () => node.IsOpen);
        return node;
    }
}
