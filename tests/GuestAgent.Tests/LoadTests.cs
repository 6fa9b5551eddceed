using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using static Dbaas.GuestAgent.Tests.DispatcherHarness;

namespace Dbaas.GuestAgent.Tests;

/// <summary>The data of a slave is loaded beside the one turn.</summary>
public sealed class LoadTests : IDisposable
{
    private static readonly OpaqueDocument Snapshot = new("fake", 1, Array.Empty<byte>());
    private static readonly LoadReplicationSnapshot Load = new(Snapshot);

    private readonly TempFolder folder = new();
    private readonly FakeDatastore datastore = new();
    private readonly List<CancellationTokenSource> stops = [];

    public void Dispose()
    {
        stops.ForEach(stop => stop.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task Requests_a_restart_and_a_stop_do_not_wait_for_a_load_and_do_not_end_it()
    {
        var agent = Agent();
        datastore.During["stop"] = _ =>
        {
            agent.Jobs.EndThoseOnServer("the database server was stopped.");
            return Task.CompletedTask;
        };
        var (begun, release) = Hold();
        agent.Send(Envelope("job", Load));
        await begun;

        foreach (var (id, command) in new (string, GuestCommand)[]
        {
            ("c1", new CreateDatabases([new DatabaseSpec("shop")])), ("c2", new RestartServer()), ("c3", new StopServer()),
        })
        {
            Assert.Equal(Outcome.Succeeded, (await agent.AskAsync(Envelope(id, command))).Outcome);
        }

        var look = Assert.Single(agent.Jobs.Look());
        Assert.Equal(
            ("job", "load_replication_snapshot", FakeReplication.Half, (long?)FakeReplication.Expected),
            (look.CommandId, look.Kind, look.DoneBytes, look.OfBytes));
        Assert.True(agent.Jobs.AnyWatched);
        release.SetResult();
        Assert.Equal(Outcome.Succeeded, (await agent.ReplyToAsync("job")).Outcome);
        Assert.Equal(Outcome.Succeeded, (await agent.AskAsync(Envelope("c4", new AttachReplicationSlave(Snapshot)))).Outcome);
    }

    [Fact]
    public async Task A_delete_ends_a_load_by_its_fence_and_does_not_wait_for_it()
    {
        var agent = Agent();
        var (begun, _) = Hold();
        agent.Send(Envelope("job", Load, fence: 1));
        await begun;

        var detach = await agent.AskAsync(Envelope("c1", new DetachReplicationSlave(DetachReason.Deleted), fence: 2));

        Assert.Equal(Outcome.Succeeded, detach.Outcome);
        Assert.Equal(
            new GuestFault(FaultKind.Precondition, "It was ended: another operation took the instance over (detach_replication_slave)."),
            (await agent.ReplyToAsync("job")).Fault);
    }

    [Fact]
    public async Task A_load_is_ended_by_its_id()
    {
        var agent = Agent();
        var (begun, _) = Hold();
        agent.Send(Envelope("job", Load));
        await begun;

        await agent.AskAsync(Envelope("c1", new CancelJob("job", "nobody wants it.")));

        Assert.Equal(
            new GuestFault(FaultKind.Precondition, "It was ended: nobody wants it."), (await agent.ReplyToAsync("job")).Fault);
    }

    [Fact]
    public async Task A_load_that_the_agent_died_in_begins_anew()
    {
        var dying = Agent();
        var (begun, _) = Hold();
        dying.Send(Envelope("job", Load));
        await begun;
        await dying.DieAsync();
        datastore.During.Clear();

        Assert.Equal(Outcome.Succeeded, (await Agent().AskAsync(Envelope("job", Load))).Outcome);

        Assert.Empty(dying.Replies);
        Assert.Equal(["load", "load"], datastore.Calls);
    }

    /// <summary>So did control planes before protocol version 5, and operations that began with them.</summary>
    [Fact]
    public async Task Who_is_only_told_to_attach_loads_first()
    {
        var reply = await Agent().AskAsync(Envelope("c1", new AttachReplicationSlave(Snapshot)));

        Assert.Equal(Outcome.Succeeded, reply.Outcome);
        Assert.Equal(["load", "attach"], datastore.Calls);
    }

    private DispatcherHarness Agent()
    {
        var stop = new CancellationTokenSource();
        stops.Add(stop);
        return new DispatcherHarness(
            folder.Path, datastore.WithAccounts() with { Replication = new FakeReplication(datastore) }, stop);
    }

    /// <summary>The load begins, and goes on when it is released.</summary>
    private (Task Begun, TaskCompletionSource Release) Hold()
    {
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        datastore.During["load"] = token =>
        {
            begun.TrySetResult();
            return release.Task.WaitAsync(token);
        };
        return (begun.Task.WaitAsync(Soon), release);
    }
}
