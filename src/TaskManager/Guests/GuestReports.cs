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
/// Takes agents' reports: those that come together are compared with their guests' rows by one look. What users see changing is written
/// before the answer; "was heard of", lag and use of the volume go out together every few seconds. Nothing that decides is kept here: any
/// gateway may take the next report.
/// </summary>
public sealed class GuestReports : BackgroundService
{
    // Of one look: what thousands of agents report is few statements.
    private const int MostAtOnce = 1000;

    // Of one unit that writes: what a cluster certifies stays small.
    private const int MostRows = 200;

    // A guest is not trusted.
    private const int MostJobs = 16;
    private const int LongestId = 100;
    private const int LongestWord = 255;
    private const int LongestKind = 64;
    private const int LongestEventId = 80;
    private const int LongestCertificate = 8000;
    private const int MostParameters = 39;

    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);

    // A process that stood still since then knows nothing of how its guests are.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(15);

    private readonly IDatabase database;
    private readonly GuestOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<GuestReports> logger;
    private readonly Gathering<Received, ReportReceipt> reports;
    private readonly ConcurrentDictionary<string, Heard> waiting = new();

    /// <summary>Takes reports into this database.</summary>
    public GuestReports(IDatabase database, GuestOptions options, TimeProvider time, ILogger<GuestReports> logger)
    {
        this.database = database.In(DatabaseLane.Agents);
        this.options = options;
        this.time = time;
        this.logger = logger;
        reports = new(TakeAsync, MostAtOnce, options.Gather, time);
    }

    /// <summary>Keeps a report, and each of its events once.</summary>
    /// <returns>
    /// The lease from now on. Never longer than the one that is written down: while the database is away leases run out, for another
    /// gateway could not know of them.
    /// </returns>
    public Task<ReportReceipt> AcceptAsync(string instanceId, GuestReport report, CancellationToken cancellationToken) =>
        reports.AskAsync(
            new Received(
                ToState(instanceId, report),
                // (Its slaves are bounded by the size of a body: upkeep needs to see all of them.)
                [.. report.Events.Take(GuestReport.MostEvents).Select(happened => ToEntry(instanceId, happened))],
                time.GetTimestamp()),
            // Somebody may be waiting for just this.
            atOnce: report.IsNews,
            cancellationToken);

    /// <summary>Writes down what is waiting.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in waiting.ToArray().OrderBy(pair => pair.Value.At).Chunk(MostRows))
        {
            var current = batch.Where(pair => time.GetElapsedTime(pair.Value.At) < KeptFor).ToList();
            if (current.Count > 0)
            {
                await database.WriteAsync(
                    unit =>
                    {
                        var age = time.GetElapsedTime(current[0].Value.At);
                        GuestRows.Seen(unit, [.. current.Select(pair => pair.Key)], age, options.Lease);
                        GuestRows.SaveFigures(unit, [.. current.Select(pair => pair.Value.Figures).OfType<GuestState>()]);
                    },
                    cancellationToken);
            }

            foreach (var pair in batch)
            {
                waiting.TryRemove(pair);
            }
        }
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

    private async Task<IReadOnlyList<ReportReceipt>> TakeAsync(IReadOnlyList<Received> all)
    {
        // An agent that did not get its answer comes again: its last word counts, and all that it tells of.
        var last = all.GroupBy(one => one.State.InstanceId)
            .Select(group => group.Last() with { Events = [.. group.SelectMany(one => one.Events)] }).ToList();
        var began = time.GetTimestamp();
        string[] ids = [.. last.Select(one => one.State.InstanceId)];
        var (rows, epochs) = await database.ReadAsync(
            unit => (
                GuestRows.Find(unit, ids).ToDictionary(row => row.InstanceId),
                InstanceRows.RoleEpochs(unit, ids).ToDictionary(one => one.InstanceId)),
            CancellationToken.None);
        var receipts = new Dictionary<string, ReportReceipt>();
        var news = new List<Received>();
        foreach (var one in last)
        {
            var id = one.State.InstanceId;
            var row = rows.GetValueOrDefault(id);
            var role = epochs.GetValueOrDefault(id);
            receipts[id] = new ReportReceipt(LeftOf(row, began), role?.Epoch ?? 0, role?.FailsOver ?? false);

            // Of a set that fails over every word counts at once: somebody decides by when it came.
            if (row is null || role is { FailsOver: true } || IsNews(one, row))
            {
                news.Add(one);
            }
            else
            {
                waiting[id] = new Heard(one.At, ReportFigures.Differ(row, one.State) ? one.State : null);
            }
        }

        foreach (var unit in InUnits(news))
        {
            await WriteAsync(unit, receipts);
        }

        return [.. all.Select(one => receipts[one.State.InstanceId])];
    }

    private async Task WriteAsync(IReadOnlyList<Received> news, Dictionary<string, ReportReceipt> receipts)
    {
        var (saved, epochs) = await database.WriteAsync(
            unit =>
            {
                var saved = news.Where(one => GuestRows.Save(unit, one.State, time.GetElapsedTime(one.At), options.Lease)).ToList();
                foreach (var happened in news.SelectMany(one => one.Events))
                {
                    HistoryRows.Add(unit, happened);
                }

                return (saved, InstanceRows.RoleEpochs(unit, [.. news.Select(one => one.State.InstanceId)]));
            },
            CancellationToken.None);
        foreach (var epoch in epochs)
        {
            receipts[epoch.InstanceId] = receipts[epoch.InstanceId] with { RoleEpoch = epoch.Epoch, FailsOver = epoch.FailsOver };
        }

        foreach (var one in saved)
        {
            var id = one.State.InstanceId;
            receipts[id] = receipts[id] with { Lease = NotNegative(options.Lease - time.GetElapsedTime(one.At)) };
            waiting.TryRemove(id, out _);
        }
    }

    private static IEnumerable<IReadOnlyList<Received>> InUnits(IEnumerable<Received> news)
    {
        var unit = new List<Received>();
        var rows = 0;
        foreach (var one in news)
        {
            if (rows > 0 && rows + 1 + one.Events.Count > MostRows)
            {
                yield return unit;
                (unit, rows) = ([], 0);
            }

            unit.Add(one);
            rows += 1 + one.Events.Count;
        }

        if (unit.Count > 0)
        {
            yield return unit;
        }
    }

    // One whose lease is nearly over has not been heard of for a while: it is not to wait for the next round.
    private bool IsNews(Received one, GuestState row) =>
        one.Events.Count > 0 || Visible(row) != Visible(one.State) || row.LeaseUntil - row.ReadAt < options.Lease.TotalMilliseconds / 3;

    private TimeSpan LeftOf(GuestState? row, long began) =>
        row is null
            ? TimeSpan.Zero
            : NotNegative(TimeSpan.FromMilliseconds(row.LeaseUntil - row.ReadAt) - time.GetElapsedTime(began));

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;

    private static GuestState Visible(GuestState state) =>
        state with
    {
        LastSeen = 0, SilentSince = 0, ReadAt = 0, LeaseUntil = 0, VolumeTotal = null, VolumeUsed = null, LagSeconds = null, Jobs = null,
    };

    private static GuestState ToState(string instanceId, GuestReport report) => new()
    {
        InstanceId = instanceId,
        ServerState = report.State.ToString(),
        Detail = Short(report.Detail),
        ServerVersion = Within(report.ServerVersion, LongestWord),
        VolumeTotal = report.Volume?.TotalBytes,
        VolumeUsed = report.Volume?.UsedBytes,
        Follows = report.Replication?.SourceHost is not null,
        Replicating = report.Replication is { Receiving: true, Applying: true },
        Receiving = report.Replication?.Receiving ?? false,
        SourceLost = report.Replication?.SourceLost ?? false,
        Applying = report.Replication?.Applying ?? false,
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
        Id = $"{Within(happened.Id, LongestEventId)}-{instanceId[^12..]}",
        InstanceId = instanceId,
        At = happened.At.ToUnixTimeMilliseconds(),
        Event = Within(happened.Kind, LongestKind)!,
        Outcome = "seen",
        Detail = Short(happened.Message),
    };

    private static bool IsId(string id) => Guid.TryParseExact(id, "D", out _);

    private static string? Short(string? text) => Within(text, 2000);

    private static string? Within(string? text, int most) => text?.Length > most ? text[..most] : text;

    private sealed record Received(GuestState State, IReadOnlyList<HistoryEntry> Events, long At);

    private sealed record Heard(long At, GuestState? Figures);
}
