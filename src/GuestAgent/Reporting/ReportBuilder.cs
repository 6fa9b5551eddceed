using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>Looks at the server, its replication and its volume.</summary>
internal sealed class ReportBuilder(
    Datastore datastore,
    VolumeLook volume,
    VolumeAlarm alarm,
    RoleLease role,
    JobList jobs,
    EventQueue events,
    TimeProvider time,
    Action<string> log)
{
    // It is meant to take 2 s at most.
    private static readonly TimeSpan LookWithin = TimeSpan.FromSeconds(5);

    public async Task<GuestReport> BuildAsync(CancellationToken cancellationToken)
    {
        var server = await LookAsync<ServerStatus>("server", async token => await datastore.Server.GetStatusAsync(token), cancellationToken)
            ?? new ServerStatus(ServerState.Unknown, null, "The agent cannot find out how the server is.");
        return new GuestReport
        {
            AgentVersion = AgentVersion.Text,
            State = server.State,
            Detail = server.Detail,
            ServerVersion = server.Version,
            Volume = Volume(),
            Replication = server.Replication,
            Figures = server.Figures,
            Configuration = server.Configuration,
            Certificate = server.Certificate,
            RoleEpoch = role.Epoch,
            LeaseLeftSeconds = role.Left.TotalSeconds,
            Jobs = jobs.Look(),
            Events = [.. events.Waiting.Take(GuestReport.MostEvents)],
        };
    }

    /// <summary>Somebody waits for long work to come to its end.</summary>
    public bool IsWatched => jobs.AnyWatched;

    /// <summary>What must not wait for the next interval. Not what always moves: lag and fill.</summary>
    public static string Essence(GuestReport report) => string.Join('|', [
        report.State.ToString(),
        report.ServerVersion,
        report.RoleEpoch.ToString(CultureInfo.InvariantCulture),
        report.Replication is null ? "-" : "replication",
        report.Replication?.SourceHost,
        report.Replication?.Receiving.ToString(),
        report.Replication?.SourceLost.ToString(),
        report.Replication?.Applying.ToString(),
        report.Replication?.ReadOnly.ToString(),
        report.Replication?.LogOn.ToString(),
        report.Replication?.LastError,
        .. report.Replication?.KnownSlaves ?? [],
        report.Certificate,
        report.Configuration?.GivenUp,
        .. report.Configuration?.WaitForRestart ?? [],
        .. report.Events.Select(e => e.Id)]);

    private async Task<T?> LookAsync<T>(string what, Func<CancellationToken, Task<T?>> look, CancellationToken cancellationToken)
        where T : class
    {
        using var deadline = new CancellationTokenSource(LookWithin, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await look(end.Token).WaitAsync(end.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log($"The look at the {what} failed: {e.Message}");
            return null;
        }
    }

    private VolumeUse? Volume()
    {
        try
        {
            var use = volume.Look();
            alarm.Look(use);
            return use;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
