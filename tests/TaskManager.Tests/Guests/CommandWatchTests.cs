using Dbaas.GuestProtocol.Channel;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>How agents hear of what other processes ask them.</summary>
public sealed class CommandWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = GatewayNode.Options.LookEvery;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_of_another_process_reaches_its_agent_within_a_second_and_idle_agents_cost_nothing()
    {
        await using var node = await GatewayNode.StartAsync();
        using var watch = Watch(node);
        using var over = new CancellationTokenSource();
        string[] ids = ["asked", .. Enumerable.Range(0, 100).Select(number => $"idle-{number}")];
        var polls = ids.Select(id => CommandPoll.WaitAsync(
            node.Directory, id, [], TimeSpan.FromMinutes(1), TimeProvider.System, over.Token)).ToList();
        await Eventually.HoldsAsync("all have looked", Patience, () => node.Database.Reads >= ids.Length);
        await BeginAsync(node, watch);
        for (var looks = 1; looks <= 10; looks++)
        {
            node.Clock.Advance(Look);
            await Eventually.HoldsAsync("the watch has looked", Patience, () => node.Database.Reads >= looks);
        }

        // One more may have been on its way.
        Assert.InRange(node.Database.TakeReads(), 10, 11);

        await AskAsync(node, "command", "asked");
        Assert.InRange(Look, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        node.Clock.Advance(Look);

        var command = Assert.Single(await polls[0].WaitAsync(Patience, Cancel));
        Assert.Equal("command", command.Id);
        Assert.InRange(node.Database.Reads, 2, 3);
        Assert.DoesNotContain(polls.Skip(1), poll => poll.IsCompleted);
        await over.CancelAsync();
        await watch.StopAsync(Cancel);
        await Task.WhenAll(polls.Skip(1)).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task What_waits_for_an_answer_wakes_nobody_twice_and_where_nobody_polls_nobody_looks()
    {
        await using var node = await GatewayNode.StartAsync();
        using var watch = Watch(node);
        using (node.Signals.Commands.Subscribe("somebody"))
        {
            await BeginAsync(node, watch);
        }

        for (var looks = 0; looks < 10; looks++)
        {
            node.Clock.Advance(Look);
            await node.Read(ControlPlaneRows.Now);
        }

        Assert.InRange(node.Database.TakeReads(), 0, 1);
        await AskAsync(node, "command", "asked");
        using var news = node.Signals.Commands.Subscribe("asked");
        node.Clock.Advance(Look);
        Assert.True(await news.WaitAsync(Patience, Cancel));

        for (var looks = node.Database.Reads + 1; looks < 5; looks++)
        {
            node.Clock.Advance(Look);
            await Eventually.HoldsAsync("it has looked again", Patience, () => node.Database.Reads >= looks);
        }

        await watch.StopAsync(Cancel);
        Assert.False(await news.WaitAsync(TimeSpan.Zero, Cancel));
    }

    // A service of the host begins in the background: its first look tells that it has.
    private static async Task BeginAsync(GatewayNode node, CommandWatch watch)
    {
        await watch.StartAsync(Cancel);
        var before = node.Database.Reads;
        await Eventually.HoldsAsync("its first look", Patience, () =>
        {
            node.Clock.Advance(Look);
            return node.Database.Reads > before;
        });
        node.Database.TakeReads();
    }

    private static CommandWatch Watch(GatewayNode node) => new(
        node.Database, node.Signals, GatewayNode.Options, node.Clock, NullLogger<CommandWatch>.Instance);

    private static Task AskAsync(GatewayNode node, string id, string instanceId) => node.Write(unit => CommandRows.Ensure(
        unit,
        new GuestCommandRow
        {
            Id = id, InstanceId = instanceId, Kind = "restart_server", Body = "{}", DeadlineSeconds = 60,
            Created = ControlPlaneRows.Now(unit), Expires = long.MaxValue,
        }));
}
