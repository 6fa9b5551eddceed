using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using static Dbaas.GuestAgent.Tests.DispatcherHarness;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Long work beside the one turn.</summary>
public sealed class JobTests : IDisposable
{
    // A public key of nobody's.
    private const string Recipient = "age1t7343xgp07fsqsnzp9nh0hvglzt5g3km682wqhpta30en878qvcquqllaz";

    private static readonly CreateBackup Backup = new() { BackupId = "b", Recipients = [Recipient], PartBytes = 1024 };

    private readonly TempFolder folder = new();
    private readonly FakeDatastore datastore = new();
    private readonly List<CancellationTokenSource> stops = [];

    public void Dispose()
    {
        stops.ForEach(stop => stop.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task What_comes_while_a_job_runs_does_not_wait_for_it()
    {
        var agent = Agent();
        var (begun, release) = Hold();
        agent.Send(Envelope("job", Backup));
        await begun;

        var request = await agent.AskAsync(Envelope("c1", new CreateDatabases([new DatabaseSpec("shop")]), fence: null));
        var start = await agent.AskAsync(Envelope("c2", new StartServer()));

        Assert.Equal(Outcome.Succeeded, request.Outcome);
        Assert.Equal(Outcome.Succeeded, start.Outcome);
        Assert.DoesNotContain(agent.Replies, reply => reply.Id == "job");
        release.SetResult();
        Assert.Equal(Outcome.Succeeded, (await agent.ReplyToAsync("job")).Outcome);
    }

    [Fact]
    public async Task A_job_says_how_far_it_is_and_is_gone_from_the_reports_when_it_is_over()
    {
        var agent = Agent();
        var (begun, release) = Hold();
        agent.Send(Envelope("job", Backup));
        await begun;

        var look = Assert.Single(agent.Jobs.Look());
        Assert.Equal(("job", "create_backup", 4, 1000L), (look.CommandId, look.Kind, look.DoneBytes, look.OfBytes!.Value));
        release.SetResult();
        await agent.ReplyToAsync("job");
        Assert.Empty(agent.Jobs.Look());
    }

    [Fact]
    public async Task What_stops_the_server_ends_a_job_that_reads_it_and_the_answer_says_so()
    {
        var agent = Agent();
        var (begun, _) = Hold();
        datastore.During["stop"] = _ =>
        {
            agent.Jobs.EndThoseOnServer("the database server was stopped.");
            return Task.CompletedTask;
        };
        agent.Send(Envelope("job", Backup));
        await begun;

        var restart = await agent.AskAsync(Envelope("c1", new RestartServer()));

        Assert.Equal(Outcome.Succeeded, restart.Outcome);
        Assert.Equal(
            new GuestFault(FaultKind.Precondition, "It was ended: the database server was stopped."),
            (await agent.ReplyToAsync("job")).Fault);
    }

    [Fact]
    public async Task A_command_of_a_higher_fence_ends_a_job_of_a_lower_one_and_the_answer_names_it()
    {
        var agent = Agent();
        var (begun, _) = Hold();
        agent.Send(Envelope("job", Backup, fence: 1));
        await begun;

        await agent.AskAsync(Envelope("c1", new StartServer(), fence: 2));

        Assert.Equal(
            new GuestFault(FaultKind.Precondition, "It was ended: another operation took the instance over (start_server)."),
            (await agent.ReplyToAsync("job")).Fault);
    }

    [Fact]
    public async Task A_job_is_ended_by_its_id_and_another_one_is_not()
    {
        var agent = Agent();
        var (begun, _) = Hold();
        agent.Send(Envelope("job", Backup));
        await begun;

        await agent.AskAsync(Envelope("c1", new CancelJob("other", "nobody wants it.")));
        Assert.Single(agent.Jobs.Look());
        await agent.AskAsync(Envelope("c2", new CancelJob("job", "nobody wants it.")));

        Assert.Equal(
            new GuestFault(FaultKind.Precondition, "It was ended: nobody wants it."), (await agent.ReplyToAsync("job")).Fault);
        Assert.Equal(Outcome.Succeeded, (await agent.AskAsync(Envelope("c3", new CancelJob("job", "again.")))).Outcome);
    }

    [Fact]
    public async Task A_job_that_the_agent_died_in_is_run_again_and_one_that_was_answered_is_not()
    {
        var dying = Agent();
        var (begun, _) = Hold();
        dying.Send(Envelope("job", Backup));
        await begun;
        await dying.DieAsync();
        datastore.During.Clear();

        var first = await Agent().AskAsync(Envelope("job", Backup));
        var second = await Agent().AskAsync(Envelope("job", Backup));

        Assert.Empty(dying.Replies);
        Assert.Equal(Outcome.Succeeded, first.Outcome);
        Assert.True(JsonElement.DeepEquals(first.Body!.Value, second.Body!.Value), $"{first.Body}, {second.Body}");
        Assert.Equal(["backup", "backup"], datastore.Calls);
    }

    [Fact]
    public async Task A_job_waits_for_its_turn_to_begin()
    {
        var agent = Agent();
        var release = new TaskCompletionSource();
        datastore.During["start"] = token => release.Task.WaitAsync(token);
        agent.Send(Envelope("c1", new StartServer()));
        agent.Send(Envelope("job", Backup));
        await Eventually.HoldsAsync("the start has begun", Soon, () => datastore.Calls.Contains("start"));

        Assert.DoesNotContain("backup", datastore.Calls);
        release.SetResult();
        Assert.Equal(Outcome.Succeeded, (await agent.ReplyToAsync("job")).Outcome);
    }

    [Fact]
    public async Task A_datastore_without_backups_says_so()
    {
        var stop = new CancellationTokenSource();
        stops.Add(stop);

        var reply = await new DispatcherHarness(folder.Path, datastore.WithoutParts(), stop).AskAsync(Envelope("job", Backup));

        Assert.Equal(FaultKind.Unsupported, reply.Fault!.Kind);
    }

    private DispatcherHarness Agent()
    {
        var stop = new CancellationTokenSource();
        stops.Add(stop);
        return new DispatcherHarness(
            folder.Path, datastore.WithAccounts() with { Backups = new FakeBackups(datastore) }, stop);
    }

    /// <summary>The backup begins, and goes on when it is released.</summary>
    private (Task Begun, TaskCompletionSource Release) Hold()
    {
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        datastore.During["backup"] = token =>
        {
            begun.TrySetResult();
            return release.Task.WaitAsync(token);
        };
        return (begun.Task.WaitAsync(Soon), release);
    }
}
