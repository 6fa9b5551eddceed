using System.Collections.Concurrent;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Commands;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>A dispatcher over a folder: a second one over the same folder is the agent after a restart.</summary>
internal sealed class DispatcherHarness
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<ReplyEnvelope> replies = new();
    private readonly ConcurrentQueue<string> lines = new();
    private readonly CancellationTokenSource stopping;
    private readonly CommandDispatcher dispatcher;

    public DispatcherHarness(string folder, Datastore datastore, CancellationTokenSource stopping, ProtocolRange? speaks = null)
    {
        this.stopping = stopping;
        PrivateFile.EnsureFolder(folder);
        var journal = new CommandJournal(Path.Combine(folder, "journal"), TimeProvider.System, _ => { });
        dispatcher = new CommandDispatcher(
            new CommandHandlers(
                datastore, new HostVolume(folder), new SelfLook(RunningAgent.Bootstrap(folder, "i", "s", "a")), null!, Jobs,
                new ObjectStreams(new MemoryStore(), new MemoryLogReports(), new ProcessRunner(folder), folder, TimeProvider.System),
                TimeProvider.System),
            journal,
            new FenceKeeper(folder, journal, _ => { }),
            new TurnQueue(),
            Jobs,
            Events,
            (reply, _, _) =>
            {
                replies.Enqueue(reply);
                return Task.CompletedTask;
            },
            speaks ?? ProtocolRange.Ours,
            TimeProvider.System,
            lines.Enqueue);
    }

    public JobList Jobs { get; } = new();

    public RecordedEvents Events { get; } = new();

    public IReadOnlyList<ReplyEnvelope> Replies => [.. replies];

    public IReadOnlyList<string> Log => [.. lines];

    public static CommandEnvelope Envelope(string id, GuestCommand command, long? fence = 1, int deadline = 60) =>
        new(id, command.KindName(), fence is { } counter ? new Fence(1, counter) : null, deadline, command.ToBody());

    public void Send(CommandEnvelope command) => dispatcher.Accept(command, stopping.Token);

    public async Task<ReplyEnvelope> AskAsync(CommandEnvelope command)
    {
        var before = Replies.Count(reply => reply.Id == command.Id);
        Assert.True(dispatcher.Accept(command, stopping.Token));
        await Eventually.HoldsAsync(
            $"a reply to {command.Id}",
            Soon,
            () => Replies.Count(reply => reply.Id == command.Id) > before && !dispatcher.InHand.Contains(command.Id));
        return Replies.Last(reply => reply.Id == command.Id);
    }

    public Task<ReplyEnvelope> ReplyToAsync(string id) => Eventually.SeeAsync(
        $"a reply to {id}", Soon, () => Task.FromResult(Replies.FirstOrDefault(reply => reply.Id == id)!), reply => reply is not null);

    /// <summary>As if the agent were killed in the middle: what runs is cut off, nothing more is written.</summary>
    public async Task DieAsync()
    {
        await stopping.CancelAsync();
        await dispatcher.WaitForEndAsync();
    }
}
