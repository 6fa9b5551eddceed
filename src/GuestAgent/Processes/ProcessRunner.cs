using System.ComponentModel;
using System.Diagnostics;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Runs the datastore's tools. Each leads a session of its own, so that cancelling ends also what it started; each carries the agent's
/// mark in its environment, so that the next agent can end what a killed one left behind.
/// </summary>
internal sealed class ProcessRunner(string mark) : IProcesses
{
    private const string MarkVariable = "DBAAS_AGENT_TOOL";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeftoversEndWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public async Task<ProcessResult> RunAsync(
        ProcessSpec program,
        Func<Stream, CancellationToken, Task>? input,
        Func<Stream, CancellationToken, Task>? output,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(program);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopFeed = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var errors = new ErrorTail();
        var feed = new FeedStream(process.StandardInput.BaseStream);
        Task[] work =
        [
            FeedAsync(process, feed, input, stopFeed.Token),
            TakeAsync(process.StandardOutput.BaseStream, output, stop.Token),
            errors.ReadAsync(process.StandardError.BaseStream),
            SeeExitAsync(process, stopFeed, stop.Token),
        ];

        try
        {
            await FirstFailureAsync(work);
            return new ProcessResult(process.ExitCode, errors.Text);
        }
        finally
        {
            // An unfinished input must not look like a finished one: the program ends before its input is closed.
            await EndAsync(process);
            await stop.CancelAsync();
            await feed.DisposeAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends what an agent that was killed left running: it would work on the same files as its repetition.</summary>
    public async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LeftoversEndWithin);
        while (ProcessTable.FindByEnvironment(MarkVariable, mark) is { Count: > 0 } leftovers)
        {
            foreach (var leftover in leftovers)
            {
                Signals.Send(leftover, Signals.Kill);
            }

            await Task.Delay(LookEvery, deadline.Token);
        }
    }

    private Process Start(ProcessSpec program)
    {
        var start = new ProcessStartInfo(CommandLines.Locate("setsid"), CommandLines.For(program))
        {
            WorkingDirectory = program.WorkingDirectory ?? "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CommandLines.Environment(MarkVariable, mark))
        {
            start.Environment[name] = value;
        }

        try
        {
#pragma warning disable RS0030 // The one place in a guest that starts programs.
            return Process.Start(start)!;
#pragma warning restore RS0030
        }
        catch (Win32Exception e)
        {
            throw new DatastoreException(FaultKind.Permanent, $"{program.Program} cannot be started: {e.Message}", e);
        }
    }

    private static async Task SeeExitAsync(Process process, CancellationTokenSource stopFeed, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);

        // An input that waits for more data would not notice that nobody wants it.
        stopFeed.CancelAfter(Patience);
    }

    private static async Task FeedAsync(
        Process process, FeedStream feed, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                PipeSize.TryRaise(process.StandardInput.BaseStream);
                await input(feed, cancellationToken);
            }

            await feed.DisposeAsync();
        }
        catch (Exception) when (feed.ReaderHasGone || process.HasExited)
        {
            // The program wants no more input; how it ends says whether that is good.
        }
    }

    private static async Task TakeAsync(Stream source, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken)
    {
        if (output is not null)
        {
            PipeSize.TryRaise(source);
            await output(new TakeStream(source), cancellationToken);
        }

        // What nobody takes would block the program.
        await source.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task FirstFailureAsync(Task[] work)
    {
        await foreach (var done in Task.WhenEach(work))
        {
            await done;
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (process.HasExited)
        {
            Signals.SendToRestOfGroup(process.Id, Signals.Kill);
            return;
        }

        Signals.SendToGroup(process.Id, Signals.Terminate);
        using (var patience = new CancellationTokenSource(Patience))
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Signals.SendToGroup(process.Id, Signals.Kill);
            }
        }

        await process.WaitForExitAsync(CancellationToken.None);
        Signals.SendToRestOfGroup(process.Id, Signals.Kill);
    }
}
