using System.Collections.Concurrent;
using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Commands;

/// <summary>
/// Decides what happens with a command that arrived: answered from the journal, refused by its fence, run beside the others (reads), in
/// its turn (all else), or begun in its turn and then run beside the others (jobs); ended at its deadline, and its reply delivered. A
/// command of a higher fence ends one of a lower fence that still runs: whoever sent that has lost its claim, or is to give way.
/// </summary>
internal sealed class CommandDispatcher(
    CommandHandlers handlers,
    CommandJournal journal,
    FenceKeeper fences,
    TurnQueue turns,
    JobList jobs,
    IGuestEvents events,
    Func<ReplyEnvelope, bool, CancellationToken, Task> deliver,
    ProtocolRange speaks,
    TimeProvider time,
    Action<string> log)
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, RunningCommand> inHand = new();

    /// <summary>Ids of the commands whose replies the gateway has not accepted yet.</summary>
    public IEnumerable<string> InHand => inHand.Keys;

    /// <summary>Takes a command on. Its work goes on after the call.</summary>
    /// <returns>False when it is in hand already.</returns>
    public bool Accept(CommandEnvelope command, CancellationToken stopping)
    {
        var running = new RunningCommand(command, time, LongestDeadline, stopping);
        if (!inHand.TryAdd(command.Id, running))
        {
            running.Dispose();
            return false;
        }

        // The place in the queue is taken here, so that commands run in the order of their arrival.
        running.Work = WorkAsync(running, turns.Take(), stopping);
        return true;
    }

    /// <summary>After the agent was told to stop: completes when no call of the datastore runs any more.</summary>
    public Task WaitForEndAsync() => Task.WhenAll(inHand.Values.Select(running => running.Work));

    private async Task WorkAsync(RunningCommand running, TurnQueue.Turn turn, CancellationToken stopping)
    {
        // Away from the caller: the journal's writes wait for the disk.
        await Task.Yield();
        try
        {
            ReplyEnvelope reply;
            using (turn)
            {
                reply = await ReplyAsync(running, turn, stopping);
            }

            if (running.Command is { OperationId: { } operation, Kind: var kind, Id: var id })
            {
                log($"Command {kind} {id} of operation {operation}: {reply.Outcome}");
            }

            await deliver(reply, running.OnlyReads, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stays begun in the journal, and comes again.
        }
        finally
        {
            inHand.TryRemove(running.Command.Id, out _);
            running.Dispose();
        }
    }

    private async Task<ReplyEnvelope> ReplyAsync(RunningCommand running, TurnQueue.Turn turn, CancellationToken stopping)
    {
        var envelope = running.Command;
        try
        {
            if (journal.FindReply(envelope.Id) is { } known)
            {
                return known;
            }

            if (!TryParse(envelope, out var command, out var refusal))
            {
                return refusal;
            }

            if (CommandHandlers.OnlyReads(command))
            {
                running.OnlyReads = true;
                turn.Dispose();
                return await RunAsync(running, token => handlers.ReadAsync(command, token), stopping);
            }

            var reply = await InTurnAsync(running, command, turn, stopping);
            Remember(envelope, reply);
            return reply;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The journal's disk: without its record the command must not be acted on, and not be tried again without a pause.
            log($"Command {envelope.Kind} {envelope.Id}: {e}");
            return Replies.Failed(envelope.Id, FaultKind.Transient, "The agent cannot write its records on this server.");
        }
    }

    /// <summary>
    /// What has happened is answered as it happened, also when that cannot be written down: the command comes again, and is run again,
    /// only if the agent is killed before the gateway has the answer.
    /// </summary>
    private void Remember(CommandEnvelope command, ReplyEnvelope reply)
    {
        try
        {
            journal.Finish(command, reply);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log($"The answer to the command {command.Kind} {command.Id} cannot be written down: {e.Message}");
        }
    }

    private async Task<ReplyEnvelope> InTurnAsync(
        RunningCommand running, GuestCommand command, TurnQueue.Turn turn, CancellationToken stopping)
    {
        var envelope = running.Command;
        if (envelope.Fence is { } fence)
        {
            fences.Raise(fence);
            EndSuperseded(envelope.Kind);
        }

        try
        {
            await turn.WaitAsync(running.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            if (!IsFenced(envelope))
            {
                const string busy = "The server was busy with another operation until the time for this one was over.";
                return Replies.Failed(envelope.Id, FaultKind.Transient, busy);
            }
        }

        if (IsFenced(envelope))
        {
            events.Add("command-fenced", $"A command ({envelope.Kind}) of an operation that has lost its claim was refused.");
            return Replies.Fenced(envelope, fences.Highest);
        }

        var progress = new JournalledProgress(journal, envelope.Id);
        journal.Begin(envelope);
        return CommandHandlers.IsJob(command)
            ? await RunJobAsync(running, command, turn, stopping)
            : await RunAsync(running, token => handlers.HandleAsync(command, progress, token), stopping);
    }

    /// <summary>What takes long gives its turn back, so that nobody waits for it.</summary>
    private async Task<ReplyEnvelope> RunJobAsync(
        RunningCommand running, GuestCommand command, TurnQueue.Turn turn, CancellationToken stopping)
    {
        var (id, kind) = (running.Command.Id, running.Command.Kind);
        var job = new Job(id, kind, CommandHandlers.NeedsServer(command), running.Cancel, time, command is not ArchiveLog);
        running.Job = job;
        using var place = jobs.Add(job);
        turn.Dispose();
        return await RunAsync(running, token => handlers.WorkAsync(command, job, token), stopping);
    }

    private async Task<ReplyEnvelope> RunAsync(
        RunningCommand running, Func<CancellationToken, Task<object?>> handle, CancellationToken stopping)
    {
        var id = running.Command.Id;
        try
        {
            return Replies.Done(id, await handle(running.Token));
        }
        catch (Exception e) when (running.Token.IsCancellationRequested)
        {
            // Whatever a call that was cut off says about its failure, this is the cause.
            log($"Command {running.Command.Kind} {id} was ended: {e.Message}");
            stopping.ThrowIfCancellationRequested();
            if (running.Job?.ToFault() is { } ended)
            {
                return Replies.Failed(id, ended);
            }

            return Replies.Failed(id, FaultKind.Transient, IsFenced(running.Command)
                ? "It was ended for a newer operation."
                : $"It was not done within {running.Command.DeadlineSeconds} seconds.");
        }
        catch (DatastoreException e)
        {
            return Replies.Failed(id, e);
        }
        catch (Exception e)
        {
            log($"Command {running.Command.Kind} {id} failed: {e}");
            return Replies.Failed(id, UnexpectedFault.KindOf(e), UnexpectedFault.Say(e));
        }
    }

    private bool IsFenced(CommandEnvelope command) => command.Fence is { } fence && fence < fences.Highest;

    private void EndSuperseded(string byKind)
    {
        foreach (var other in inHand.Values.Where(other => IsFenced(other.Command)))
        {
            other.End($"another operation took the instance over ({byKind}).");
        }
    }

    private bool TryParse(CommandEnvelope envelope, out GuestCommand command, out ReplyEnvelope refusal)
    {
        refusal = null!;
        command = null!;
        try
        {
            if (GuestCommand.SinceVersion(envelope.Kind) <= speaks.Newest && GuestCommand.Parse(envelope.Kind, envelope.Body) is { } parsed)
            {
                command = parsed;
                return true;
            }

            refusal = Replies.UnknownKind(envelope);
        }
        catch (JsonException)
        {
            // The exception's message may quote the body.
            refusal = Replies.Failed(envelope.Id, FaultKind.Permanent, $"The fields of the command {envelope.Kind} cannot be read.");
        }

        return false;
    }
}
