using System.Collections.Concurrent;
using System.Text.Json;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Takes agents' reports. What users see changing is written at once; "was heard of", lag and use of the volume go out together every few
/// seconds.
/// </summary>
public sealed class GuestReports(
    IDatabase database, GuestOptions options, TimeProvider time, ILogger<GuestReports> logger) : BackgroundService
{
    // A guest is not trusted.
    private const int MostJobs = 16;
    private const int LongestId = 100;
    private const int LongestCertificate = 8000;
    private const int MostParameters = 39;

    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private readonly IDatabase database = database.In(DatabaseLane.Agents);
    private readonly ConcurrentDictionary<string, GuestState> written = new();
    private readonly ConcurrentDictionary<string, GuestState> waiting = new();

    /// <summary>Keeps a report, and each of its events once.</summary>
    /// <returns>
    /// The lease from now on. Never longer than the one that is written down: while the database is away leases run out, for another
    /// gateway could not know of them.
    /// </returns>
    public async Task<TimeSpan> AcceptAsync(string instanceId, GuestReport report, CancellationToken cancellationToken)
    {
        var now = Now;
        var state = ToState(instanceId, report, now);
        if (report.Events.Count == 0 && written.TryGetValue(instanceId, out var before) && Visible(before) == Visible(state))
        {
            waiting[instanceId] = state;
            return TimeSpan.FromMilliseconds(Math.Max(0, before.LeaseUntil - now));
        }

        var leaseUntil = now + Lease;
        var isLatest = await database.WriteAsync(
            unit =>
            {
                var saved = GuestRows.Save(unit, state);
                GuestRows.Seen(unit, [instanceId], now, leaseUntil);
                // A guest is not trusted: what it says is bounded. (Its slaves are by the size of a body: upkeep needs to see all of them.)
                foreach (var happened in report.Events.Take(GuestReport.MostEvents))
                {
                    HistoryRows.Add(unit, ToEntry(instanceId, happened));
                }

                return saved;
            },
            cancellationToken);
        Remember(state with { LeaseUntil = leaseUntil }, isLatest);
        waiting.TryRemove(instanceId, out _);
        return TimeSpan.FromMilliseconds(Math.Max(0, leaseUntil - Now));
    }

    /// <summary>Writes down what is waiting.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
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

        var now = Now;
        var leaseUntil = now + Lease;
        var late = await database.WriteAsync(
            unit =>
            {
                var changed = batch.Where(pair => !(written.TryGetValue(pair.Key, out var before) && SameFigures(pair.Value, before)));
                var notSaved = changed.Where(pair => !GuestRows.Save(unit, pair.Value)).Select(pair => pair.Key).ToHashSet();
                GuestRows.Seen(unit, [.. batch.Select(pair => pair.Key)], now, leaseUntil);
                return notSaved;
            },
            cancellationToken);
        foreach (var (id, state) in batch)
        {
            Remember(state with { LeaseUntil = leaseUntil }, isLatest: !late.Contains(id));
            waiting.TryRemove(new KeyValuePair<string, GuestState>(id, state));
        }
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // While this program was down nobody could report: nobody is silent before one full interval from now.
        await database.WriteAsync(
            unit => GuestRows.GrantGrace(unit, Now), cancellationToken);
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

    // What the next report is compared with must be what the row holds: a change may be written while an older report goes out with the
    // others. When the row holds another gateway's later report, the next one of here is written whatever it says.
    private void Remember(GuestState state, bool isLatest)
    {
        if (isLatest)
        {
            written.AddOrUpdate(state.InstanceId, state, (_, known) => known.LastSeen > state.LastSeen ? known : state);
        }
        else
        {
            written.TryRemove(state.InstanceId, out _);
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Lease => (long)options.Lease.TotalMilliseconds;

    private static GuestState Visible(GuestState state) =>
        state with { LastSeen = 0, LeaseUntil = 0, VolumeTotal = null, VolumeUsed = null, LagSeconds = null, Jobs = null };

    private static bool SameFigures(GuestState one, GuestState other) =>
        one.VolumeTotal == other.VolumeTotal && one.VolumeUsed == other.VolumeUsed
        && one.LagSeconds == other.LagSeconds && one.Jobs == other.Jobs;

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
        WaitForRestart = Parameters(report.Configuration?.WaitForRestart ?? []),
        ConfigurationGivenUp = Short(report.Configuration?.GivenUp),
        Certificate = report.Certificate is { Length: <= LongestCertificate } ? report.Certificate : null,
        RoleEpoch = report.RoleEpoch,
        LeaseHeld = report.LeaseLeftSeconds > 0,
        Jobs = report.Jobs.Count == 0 ? null : ToJson(report.Jobs),
    };

    private static string Parameters(IReadOnlyList<string> names) => string.Join(
        ' ', names.Where(name => name.Length <= LongestId && !name.Contains(' ', StringComparison.Ordinal)).Take(MostParameters));

    private static string ToJson(IReadOnlyList<JobReport> jobs) => JsonSerializer.Serialize(
        jobs.Take(MostJobs).Where(job => job is { CommandId.Length: <= LongestId })
            .Select(job => new JobProgress(
                job.CommandId, job.DoneBytes, job.OfBytes, job.BytesPerSecond, Micros.Of(job.WholeUntil))),
        JsonSerializerOptions.Web);

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
