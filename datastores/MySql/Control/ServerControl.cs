using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Datastores.MySql.Control;

/// <summary>Initialised, started, stopped, asked how it is.</summary>
internal sealed class ServerControl(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerProbe probe,
    MemberStore member,
    Certificates certificates,
    ServerRunner runner,
    Snapshots snapshots,
    RandomSource random,
    Turns turns,
    Upkeep upkeep,
    OwnTransactions own,
    CopiedUsers copies,
    BackupScratch scratch,
    DataOnItsWay onItsWay) : IServerControl
{
    private readonly DataAhead _ahead = new(flavor, host, layout);

    public Task InitializeAsync(PrepareServer settings, CancellationToken cancellationToken) =>
        turns.CallAsync(() => PrepareAsync(settings, cancellationToken));

    private async Task PrepareAsync(PrepareServer settings, CancellationToken cancellationToken)
    {
        var asked = ServerSettings.Of(settings);
        onItsWay.MustNotBeUnderWay();

        // Data without records is seen here, and not covered up.
        _ = member.State;
        member.Settings = asked;
        if (settings is { BinaryLog: BinaryLogMode.Always, Origin: not DataOrigin.Following }
            && member.State is { LogOn: false, Following: null })
        {
            member.Change(state => state with { LogOn = true, Epoch = random.NewId(), EpochMarked = false });
        }
        else
        {
            member.Change(state => state);
        }

        if (layout.HasData)
        {
            // Its option file belongs to the server that may be running on it; the next start renders it anew.
            return;
        }

        runner.WriteOptionFile();
        runner.EnsureFolders();
        if (settings.Origin != DataOrigin.Empty)
        {
            await _ahead.DropAsync();
            return;
        }

        await DataDirectory.MakeAsync(flavor, host, layout, await _ahead.TakeAsync(asked, cancellationToken), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        MustBePrepared();
        return turns.CallAsync(async () =>
        {
            await runner.ConvergeAsync(cancellationToken);
            await copies.DropAsync(cancellationToken);
        });
    }

    public Task StopAsync(CancellationToken cancellationToken) => turns.CallAsync(() => runner.StopAsync(cancellationToken));

    public Task RestartAsync(Action stopped, CancellationToken cancellationToken)
    {
        MustBePrepared();
        return turns.CallAsync(() => runner.RestartAsync(stopped, cancellationToken));
    }

    public Task ResumeAsync(CancellationToken cancellationToken) => turns.CallAsync(() => TakeOverAsync(cancellationToken));

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (member.Settings is null)
            {
                _ahead.Begin(cancellationToken);
                return;
            }

            // Before anything is started: the records are whole.
            _ = member.State;
            await host.Supervisor.ResumeAsync(cancellationToken);
            if (runner.State is not SupervisedState.Running)
            {
                await scratch.SweepAsync();
                return;
            }

            await runner.StartAsync(cancellationToken);
            await scratch.SweepAsync();
            await runner.SettleAsync(cancellationToken);
            await copies.DropAsync(cancellationToken);
            await snapshots.ReopenAsync(cancellationToken);
        }
        catch (DatastoreException e)
        {
            // The agent must come up all the same, to report just this.
            host.Log($"The database server could not be taken over in full: {e.Message}");
        }
    }

    public async Task<ServerStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (member.Settings is null)
            {
                return new ServerStatus(ServerState.Unprepared, null, null);
            }

            _ = member.State;
        }
        catch (DatastoreException e)
        {
            return new ServerStatus(ServerState.Unknown, null, e.Message);
        }

        var status = runner.State switch
        {
            SupervisedState.Running => await AskAsync(cancellationToken),
            SupervisedState.Stopped when !layout.HasData => new ServerStatus(
                ServerState.Stopped, null, onItsWay.IsUnderWay ? "Its data is being loaded." : "It has no data yet."),
            SupervisedState.Stopped => new ServerStatus(ServerState.Stopped, null, null),
            SupervisedState.Crashed => Crashed(),
            _ => new ServerStatus(ServerState.Unknown, null, null),
        };
        return status with { Configuration = Configuration(), Certificate = layout.HasData ? certificates.Own : null };
    }

    private ConfigurationReport? Configuration() =>
        member.Settings is { } settings && (settings.WaitForRestart.Count > 0 || settings.GivenUp is not null)
            ? new() { WaitForRestart = settings.WaitForRestart, GivenUp = settings.GivenUp }
            : null;

    private ServerStatus Crashed()
    {
        upkeep.AfterEnd();
        return new ServerStatus(ServerState.Crashed, null, "The server ended by itself and will be started again.");
    }

    private void MustBePrepared()
    {
        if (member.Settings is null)
        {
            throw Faults.Precondition("This instance was not prepared.");
        }
    }

    private async Task<ServerStatus> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await probe.LookAsync(cancellationToken);
            upkeep.After(answer);
            return new ServerStatus(ServerState.Healthy, answer.Version, null)
            {
                Replication = Report(answer), Figures = answer.Figures,
            };
        }
        catch (DatastoreException e) when (!ServerConnections.IsListening(e))
        {
            return new ServerStatus(ServerState.Starting, null, "It does not listen yet.");
        }
        catch (Exception e) when (e is DatastoreException or TimeoutException)
        {
            return new ServerStatus(ServerState.Blocked, null, $"It listens but does not answer. {e.Message}");
        }
    }

    private ReplicationReport Report(ServerAnswer answer) => new()
    {
        SourceHost = answer.Replica?.SourceHost,
        Receiving = answer.Replica?.Receiving ?? false,
        SourceLost = answer.Replica?.SourceLost ?? false,
        Applying = answer.Replica?.Applying ?? false,
        LagSeconds = answer.Replica?.LagSeconds,
        ReadOnly = answer.ReadOnly,
        LogOn = answer.LogOn,
        KnownSlaves = [.. member.State.Slaves.Keys.Order(StringComparer.Ordinal)],
        LastError = own.Of(answer.Replica) is { } logged
            ? $"This slave has transactions of its own in its log ({logged}), which its master lacks. {answer.Replica?.LastError}".TrimEnd()
            : answer.Replica?.LastError ?? Told(),
    };

    private string? Told() => member.State.Following is { Unheard: true } ? "It was told to receive nothing from its master." : null;
}
