using System.Collections.Concurrent;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Takes agents' reports. What users see changing is written at once; "was heard of", lag and use of the volume go out together every few seconds.
/// </summary>
public sealed class GuestReports(IDatabase database, TimeProvider time, ILogger<GuestReports> logger) : BackgroundService
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, GuestState> written = new();
    private readonly ConcurrentDictionary<string, GuestState> waiting = new();

    /// <summary>Keeps a report, and each of its events once.</summary>
    public async Task AcceptAsync(string instanceId, GuestReport report, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var state = ToState(instanceId, report, now);
        if (report.Events.Count == 0 && written.TryGetValue(instanceId, out var before) && Visible(before) == Visible(state))
        {
            waiting[instanceId] = state;
            return;
        }

        await database.WriteAsync(
            unit =>
            {
                GuestRows.Save(unit, state);
                // A guest is not trusted: what it says is bounded. (Its slaves are by the size of a body: upkeep needs to see all of them.)
                foreach (var happened in report.Events.Take(GuestReport.MostEvents))
                {
                    HistoryRows.Add(unit, ToEntry(instanceId, happened));
                }
            },
            cancellationToken);
        written[instanceId] = state;
        waiting.TryRemove(instanceId, out _);
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // While this program was down nobody could report: nobody is silent before one full interval from now.
        await database.WriteAsync(
            unit => GuestRows.GrantGrace(unit, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FlushEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "Writing what was heard of guests failed; trying again");
            }
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var longAgo = (time.GetUtcNow() - KeptFor).ToUnixTimeMilliseconds();
        foreach (var (id, _) in written.Where(pair => pair.Value.LastSeen < longAgo))
        {
            written.TryRemove(id, out _);
        }

        var batch = waiting.ToArray();
        if (batch.Length == 0)
        {
            return;
        }

        await database.WriteAsync(
            unit =>
            {
                foreach (var (id, state) in batch.Where(pair => !(written.TryGetValue(pair.Key, out var before) && SameFigures(pair.Value, before))))
                {
                    GuestRows.Save(unit, state);
                }

                GuestRows.Seen(unit, [.. batch.Select(pair => pair.Key)], time.GetUtcNow().ToUnixTimeMilliseconds());
            },
            cancellationToken);
        foreach (var (id, state) in batch)
        {
            written[id] = state;
            waiting.TryRemove(new KeyValuePair<string, GuestState>(id, state));
        }
    }

    private static GuestState Visible(GuestState state) =>
        state with { LastSeen = 0, VolumeTotal = null, VolumeUsed = null, LagSeconds = null };

    private static bool SameFigures(GuestState one, GuestState other) =>
        one.VolumeTotal == other.VolumeTotal && one.VolumeUsed == other.VolumeUsed && one.LagSeconds == other.LagSeconds;

    private static GuestState ToState(string instanceId, GuestReport report, long now) => new()
    {
        InstanceId = instanceId,
        LastSeen = now,
        ServerState = report.State.ToString(),
        Detail = Short(report.Detail),
        ServerVersion = report.ServerVersion,
        VolumeTotal = report.Volume?.TotalBytes,
        VolumeUsed = report.Volume?.UsedBytes,
        Follows = report.Replication?.SourceHost is not null,
        Replicating = report.Replication is { Receiving: true, Applying: true },
        LagSeconds = report.Replication?.LagSeconds,
        ReadOnly = report.Replication?.ReadOnly ?? false,
        LogOn = report.Replication?.LogOn ?? false,
        KnownSlaves = string.Join(' ', (report.Replication?.KnownSlaves ?? []).Where(IsId).Distinct().Order(StringComparer.Ordinal)),
        ReplicationError = Short(report.Replication?.LastError),
    };

    private static HistoryEntry ToEntry(string instanceId, GuestEvent happened) => new()
    {
        // Agents give their events ids in time order; the instance behind it keeps two guests apart.
        Id = $"{happened.Id}-{instanceId[^12..]}",
        InstanceId = instanceId,
        At = happened.At.ToUnixTimeMilliseconds(),
        Event = happened.Kind,
        Outcome = "seen",
        Detail = Short(happened.Message),
    };

    private static bool IsId(string id) => Guid.TryParseExact(id, "D", out _);

    private static string? Short(string? text) => text is { Length: > 2000 } ? text[..2000] : text;
}
