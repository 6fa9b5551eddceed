using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>Makes the running server what the records say. Every change of a server's role ends here, and so does its repetition.</summary>
internal sealed class ServerRunner(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerConnections connections,
    MemberStore member,
    Certificates certificates,
    VolumeRoom room,
    ReceivedMark received,
    SlaveThreads threads,
    DataOnItsWay onItsWay,
    ServerOptions options,
    ConfigurationTrial trial)
{
    /// <summary>What ends by itself so often in a row does not start.</summary>
    public const int EndsThatAreNoAccident = 3;

    private static readonly TimeSpan LongStartPatience = TimeSpan.FromSeconds(60);

    // With all that comes before and after it well within the time that a command has (8 minutes): a server that does not stop is killed.
    private static readonly TimeSpan LongStopPatience = TimeSpan.FromMinutes(3);

    // One that waits for space would wait for ever.
    private static readonly TimeSpan FullPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The length of the error log when the server was started last; 0: it runs since an earlier agent.</summary>
    private long _logBefore;

    private TimeSpan StopPatience => room.IsFull ? FullPatience : LongStopPatience;

    private TimeSpan StartPatience => room.IsFull ? FullPatience : LongStartPatience;

    private string? Reason =>
        ErrorLog.ReasonOfLastStart(layout.ErrorLog, _logBefore) ?? ErrorLog.ReasonInOutput(host.Supervisor.LastWords);

    /// <summary>What the supervisor says.</summary>
    public SupervisedState State => host.Supervisor.State;

    /// <summary>The server as the records want it: running, log on or off, data marked with its epoch, writable or not.</summary>
    public async Task ConvergeAsync(CancellationToken cancellationToken)
    {
        MustHaveData();
        if (LogIsLeft)
        {
            // It may have been killed with the log on: then only a start with the log recovers it, so once up with what it ran with, and
            // down in good order. Never in bad order: the log is half of a prepared transaction.
            await StartAsync(cancellationToken);
            await DownAsync(
                inOrder =>
                {
                    if (!inOrder)
                    {
                        throw Faults.Transient(
                            "The database server did not stop in good order, which it must before its log is removed; try again.");
                    }

                    WriteOptionFile();
                    OwnedFolder.Remove(layout.BinaryLog);
                },
                cancellationToken);
        }
        else if (member.State.LogOn && State is SupervisedState.Running && !await IsMemberAsync(cancellationToken))
        {
            await DownAsync(_ => WriteOptionFile(), cancellationToken);
        }

        WriteOptionFile();
        await StartAsync(cancellationToken);
        if (!await SettleAsync(cancellationToken))
        {
            throw Faults.Transient("The database server runs with the log that it had; try again.");
        }
    }

    /// <summary>Down, and up again as <see cref="ConvergeAsync"/> does it.</summary>
    public async Task RestartAsync(Action stopped, CancellationToken cancellationToken)
    {
        MustHaveData();
        await DownAsync(
            _ =>
            {
                stopped();
                if (!LogIsLeft)
                {
                    WriteOptionFile();
                }
            },
            cancellationToken);
        await ConvergeAsync(cancellationToken);
    }

    /// <summary>
    /// After any start: the epoch is marked before ordinary clients may write, and a slave follows, or applies what it has.
    /// </summary>
    /// <returns>False: its log is not as the records want it, so nothing was done.</returns>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var state = member.State;
        if (await session.NumberAsync("SELECT @@GLOBAL.log_bin", cancellationToken) == 1 != state.LogOn)
        {
            // A change of role was cut off before its restart. It will be repeated; marking the data now would be too early.
            return false;
        }

        if (state.Following is null && await flavor.ReadReplicaStatusAsync(session, cancellationToken) is not null)
        {
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            await session.ExecuteAsync("RESET REPLICA ALL", cancellationToken);
        }

        if (!state.EpochMarked && state.Following is null)
        {
            await EpochMark.WriteAsync(flavor, session, state, cancellationToken);
            await (state.HasParted
                ? ScheduledEvents.DisableAsync(session, host.Log, cancellationToken)
                : ScheduledEvents.EnableAsync(session, host.Log, cancellationToken));
            state = member.Change(now => now with { EpochMarked = true, HasParted = false });
            WriteOptionFile();
        }

        if (state.Following is { MendTo: { } history } mended)
        {
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            await flavor.SetHistoryAsync(session, history, cancellationToken);
            state = member.Change(now => now with { Following = mended with { MendTo = null, LogFrom = "" } });
        }

        await SetRoleAsync(session, cancellationToken);
        if (state is { HasTakenOver: true, Following: null })
        {
            // After clients were let in: they do not wait for it.
            await ScheduledEvents.TakeOverAsync(session, host.Log, cancellationToken);
            state = member.Change(now => now with { HasTakenOver = false });
        }

        if (state.Following is { HasThreads: true } source
            && await flavor.ReadReplicaStatusAsync(session, cancellationToken) is { } status
            && (source.Unheard || status.Receiver == "No" || !status.Applying))
        {
            // The server was started, or an agent was killed while it took the slave off its master: as long as the records say so, it is
            // one. What is thrown away by that, since it cannot be read, is not forgotten.
            received.Note(status);
            await threads.SetAsync(session, cancellationToken);
        }

        return true;
    }

    /// <summary>Starts the process with the option file that is there, and waits for an answer.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartProcessAsync(cancellationToken);
        await AnswersAsync(cancellationToken);
    }

    /// <summary>Stops in good order, and for good.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => host.Supervisor.StopAsync(StopPatience, cancellationToken);

    /// <summary>Who may write, and whether events run.</summary>
    public async Task SetRoleAsync(Session session, CancellationToken cancellationToken)
    {
        await flavor.SetReadOnlyAsync(session, member.State, cancellationToken);
        await session.ExecuteAsync(
            $"SET GLOBAL {ScheduledEvents.Scheduler} = {options.Of(member.Settings!)[ScheduledEvents.Scheduler]}", cancellationToken);
    }

    /// <summary>The option file as the records want it.</summary>
    public void WriteOptionFile() => options.Write();

    /// <summary>A server that ends each time it is started is started with its former parameters, if it has others now.</summary>
    public async Task GoBackAsync(CancellationToken cancellationToken)
    {
        if (trial.TryGoBack(Reason))
        {
            await StartProcessAsync(cancellationToken);
        }
    }

    /// <summary>The folders beside the data, and the keys.</summary>
    public void EnsureFolders()
    {
        foreach (var folder in new[] { layout.BinaryLog, layout.RelayLog, layout.Temporary, layout.Exchange, layout.Logs })
        {
            OwnedFolder.Ensure(folder, host.UserId);
        }

        certificates.Ensure();
        if (member.State.Following is { Certificate: { } master })
        {
            certificates.Trust(master);
        }
    }

    /// <summary>The log was on, and is to be off: its files are still there.</summary>
    private bool LogIsLeft => !member.State.LogOn && layout.HasBinaryLog;

    private void MustHaveData()
    {
        if (!layout.HasData)
        {
            onItsWay.MustNotBeUnderWay();
            throw Faults.Precondition("This instance has no data yet: it waits for it to be loaded from its master, or restored.");
        }
    }

    /// <summary>Does something while the server is down. Whatever becomes of it, the server is started again.</summary>
    private async Task DownAsync(Action<bool> act, CancellationToken cancellationToken)
    {
        var isDown = false;
        try
        {
            await host.Supervisor.StopForRestartAsync(
                StopPatience,
                inOrder =>
                {
                    isDown = true;
                    act(inOrder);
                },
                cancellationToken);
        }
        finally
        {
            if (isDown)
            {
                await StartProcessAsync(CancellationToken.None);
            }
        }
    }

    private Task StartProcessAsync(CancellationToken cancellationToken)
    {
        EnsureFolders();
        if (State is not SupervisedState.Running)
        {
            _logBefore = ErrorLog.LengthOf(layout.ErrorLog);
        }

        return host.Supervisor.EnsureStartedAsync(Program(), cancellationToken);
    }

    private ProcessSpec Program() => new(flavor.ServerProgram, [$"--defaults-file={layout.OptionFile}"])
    {
        UserId = host.UserId,
        WorkingDirectory = layout.Data,
        RemovedAtEnd = layout.PidFile,
    };

    /// <summary>It has what only a start gives: the log, and the certificate that its slaves trust.</summary>
    private async Task<bool> IsMemberAsync(CancellationToken cancellationToken)
    {
        await AnswersAsync(cancellationToken);
        await using var session = await connections.OpenAsync(cancellationToken);
        return await session.NumberAsync("SELECT @@GLOBAL.log_bin", cancellationToken) == 1
            && await session.TextAsync("SELECT @@GLOBAL.ssl_cert", cancellationToken) == layout.ServerCertificate;
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();

        // What ended before is no sign: the reason may be gone.
        var endsBefore = host.Supervisor.EndsInARow;
        while (true)
        {
            DatastoreException? last = null;

            // Until it is there nobody listens: to look costs nothing, to be refused by the driver does.
            if (File.Exists(layout.Socket))
            {
                try
                {
                    await using var session = await connections.OpenAsync(cancellationToken);
                    await trial.LookAsync(session, cancellationToken);
                    return;
                }
                catch (DatastoreException e)
                {
                    last = e;
                }
            }

            endsBefore = Math.Min(endsBefore, host.Supervisor.EndsInARow);
            if (host.Supervisor.EndsInARow - endsBefore >= EndsThatAreNoAccident)
            {
                if (trial.TryGoBack(Reason))
                {
                    await StartProcessAsync(cancellationToken);
                    (started, endsBefore) = (host.Time.GetTimestamp(), host.Supervisor.EndsInARow);
                    continue;
                }

                throw room.IsFull || ErrorLog.SpeaksOfNoSpace(Reason)
                    ? Faults.Precondition($"{VolumeRoom.IsFullWords}: the database server cannot start. {Reason}".TrimEnd())
                    : Faults.Permanent($"The database server ends by itself each time it is started. {Reason}".TrimEnd(), last);
            }

            if (host.Time.GetElapsedTime(started) > StartPatience)
            {
                throw room.IsFull
                    ? Faults.Precondition($"{VolumeRoom.IsFullWords}: the database server does not answer.")
                    : Faults.Transient(
                        $"The database server does not answer after {StartPatience.TotalSeconds:0} s "
                            + $"(its process: {State}). {Reason}".TrimEnd(),
                        last);
            }

            await Task.Delay(Pause, host.Time, cancellationToken);
        }
    }
}
