using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// A small server that lives for one purpose, on a data directory of its own, without network and log. It ends with the work, also when
/// the caller goes away: then the work's connection breaks.
/// </summary>
internal sealed partial class SideServer(Flavor flavor, DatastoreHost host, ServerLayout layout, string name)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(10);

    // A server that crashes closes its connections before it has said why.
    private static readonly TimeSpan CrashPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private const int Killed = 128 + 9;
    private const int AskedToEnd = 128 + 15;

    /// <summary>
    /// What it said when it ended by itself before its work was done, and it was not that something of the machine's was used up: that is
    /// about the data. Null: it did not.
    /// </summary>
    public string? LastWords { get; private set; }

    /// <summary>Where it listens.</summary>
    public string Socket { get; } = Path.Combine(layout.Run, $"{name}.sock");

    /// <summary>Runs it around some work, and kills it after that.</summary>
    public Task AroundAsync(
        string folder, IReadOnlyList<string> options, Func<Session, Task> work, CancellationToken cancellationToken) =>
        AroundAsync(folder, options, work, endsInOrder: false, cancellationToken);

    /// <summary>The same for a data directory that is needed afterwards: it ends in good order.</summary>
    public Task AroundToKeepAsync(
        string folder, IReadOnlyList<string> options, Func<Session, Task> work, CancellationToken cancellationToken) =>
        AroundAsync(folder, options, work, endsInOrder: true, cancellationToken);

    private async Task AroundAsync(
        string folder, IReadOnlyList<string> options, Func<Session, Task> work, bool endsInOrder, CancellationToken cancellationToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = host.Processes.RunAsync(Program(folder, options), input: null, output: null, life.Token);
        try
        {
            await using (var session = await OpenAsync(running, cancellationToken))
            {
                await work(session);
                if (endsInOrder)
                {
                    await EndAsync(session, cancellationToken);
                }
            }

            if (endsInOrder)
            {
                Check(await running.WaitAsync(StopPatience, host.Time, cancellationToken));
            }
        }
        catch (DatastoreException e) when (e.Kind is FaultKind.Transient && !cancellationToken.IsCancellationRequested)
        {
            if (!await AnswersAsync(cancellationToken))
            {
                await Task.WhenAny(running, Task.Delay(CrashPatience, host.Time, cancellationToken));
            }

            LastWords = running.IsCompletedSuccessfully ? LastWordsIn(await running) : null;
            throw;
        }
        finally
        {
            await life.CancelAsync();
            await EndedAsync(running);
        }
    }

    /// <summary>What failed was something else.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await new ServerConnections(Socket).OpenImpatientAsync(AnswerPatience, cancellationToken);
            return true;
        }
        catch (DatastoreException)
        {
            return false;
        }
    }

    private static string? LastWordsIn(ProcessResult end) =>
        end.ExitCode is Killed or AskedToEnd || ErrorLog.SpeaksOfNoSpace(end.Reason) || OfTheMachine().IsMatch(end.ErrorTail)
            ? null
            : $"exit code {end.ExitCode}: {end.Reason}";

    [GeneratedRegex("annot allocate memory|ut of memory|io_setup|Linux Native AIO|oo many open files")]
    private static partial Regex OfTheMachine();

    private static async Task EndAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync("SHUTDOWN", cancellationToken);
        }
        catch (DatastoreException e) when (
            e.Kind is FaultKind.Transient or FaultKind.Permanent && !cancellationToken.IsCancellationRequested)
        {
            // It may be gone before its answer is. Whether it ended in good order is what it ends with.
        }
    }

    private static void Check(ProcessResult result)
    {
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The server for loading the data ended with exit code {result.ExitCode}: {result.Reason}");
        }
    }

    private async Task<Session> OpenAsync(Task<ProcessResult> running, CancellationToken cancellationToken)
    {
        var own = new ServerConnections(Socket);
        var started = host.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await own.OpenAsync(cancellationToken);
            }
            catch (DatastoreException) when (!running.IsCompleted && host.Time.GetElapsedTime(started) < StartPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), host.Time, cancellationToken);
            }
            catch (DatastoreException) when (running.IsCompletedSuccessfully)
            {
                var result = await running;
                throw Faults.Transient($"The server for loading the data ended with exit code {result.ExitCode}: {result.Reason}");
            }
        }
    }

    private static async Task EndedAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private ProcessSpec Program(string folder, IReadOnlyList<string> options) => new(
        flavor.ServerProgram,
        [
            $"--defaults-file={layout.OptionFile}",
            $"--datadir={folder}",
            $"--socket={Socket}",
            $"--pid-file={Socket}.pid",
            "--skip-networking", "--skip-log-bin", "--read-only=0", "--loose-super-read-only=0", "--skip-log-error",
            "--event-scheduler=OFF",

            // They are the other server's files.
            .. LogKind.Chosen.Select(kind => $"--{kind.Switch}=0"),
            .. options,
        ])
    {
        UserId = host.UserId, WorkingDirectory = folder,
    };
}
