using System.Diagnostics.Metrics;
using Dbaas.Domain.Notices;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Tells other services what operations have done, in order, and each hour which instances there are. A notice goes when the broker has
/// it: what is told may be told twice, and is not lost, but for the oldest of very many.
/// </summary>
internal sealed class Notices(
    INotifier notifier, NoticeOptions options, IDatabase database, ControlSignals signals, TimeProvider time, ILogger<Notices> logger)
    : IUpkeep
{
    /// <summary>The meter's name, for those who listen.</summary>
    public const string Name = "Dbaas.Notices";

    private const int AtOnce = 100;
    private const int HourMilliseconds = 60 * 60 * 1000;
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "dbaas.notifications.dropped", "{notification}", "Notifications that nobody was told of, since there were too many.");

    /// <summary>The last hour that is known to be told of.</summary>
    private long known = -1;

    private bool isAway;

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    // What there is to tell of comes with an operation's beginning and end.
    public Subscription? Listen() => signals.ListenForOperations();

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await DropExcessAsync(cancellationToken);
        try
        {
            while (await TellSomeAsync(cancellationToken) == AtOnce)
            {
            }

            await TellHourAsync(cancellationToken);
            isAway = false;
        }
        catch (IOException e)
        {
            // Once, not at each try of a long absence.
            logger.Log(isAway ? LogLevel.Debug : LogLevel.Warning, "Notifications wait: {Why}", e.Message);
            isAway = true;
        }
    }

    private async Task DropExcessAsync(CancellationToken cancellationToken)
    {
        while (await database.ReadAsync(unit => NoticeRows.Excess(unit, options.Most, AtOnce), cancellationToken) is { Count: > 0 } excess)
        {
            await database.WriteAsync(unit => NoticeRows.Remove(unit, excess), cancellationToken);
            Dropped.Add(excess.Count);
            logger.LogWarning("The broker takes no notifications: the {Count} oldest of them are dropped", excess.Count);
        }
    }

    private async Task<int> TellSomeAsync(CancellationToken cancellationToken)
    {
        var waiting = await database.ReadAsync(
            unit => With(
                unit, NoticeRows.Oldest(unit, AtOnce), notice => notice.OperationId is { } id ? OperationRows.Find(unit, id) : null),
            cancellationToken);
        var told = new List<string>();
        try
        {
            foreach (var (notice, datastore, operation) in waiting)
            {
                await TellAsync(notice, notice.Event, NoticePayloads.OfOperation(notice, datastore, options.Region, operation?.Subject));
                if (NoticeEvents.UsageAfter(notice.Event) is { } usage)
                {
                    await TellAsync(notice, usage, NoticePayloads.OfUse(notice, datastore.Name, options.Region, hour: null));
                }

                told.Add(notice.Id);
            }
        }
        finally
        {
            await database.WriteAsync(unit => NoticeRows.Remove(unit, told), cancellationToken);
        }

        return waiting.Count;

        Task TellAsync(Notice notice, string @event, IReadOnlyDictionary<string, object?> payload) => notifier.TellAsync(
            new Notification($"{notice.Id}/{@event}", @event, notice.At, notice.RequestId, notice.TenantId, payload), cancellationToken);
    }

    private async Task TellHourAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var last = (now / HourMilliseconds) - 1;
        if (last <= known)
        {
            return;
        }

        known = await database.WriteAsync(unit => NoticeRows.LastHour(unit, last + 1), cancellationToken);
        if (last <= known)
        {
            return;
        }

        var after = "";
        while (await database.ReadAsync(
            unit => With(unit, NoticeRows.Instances(unit, after, AtOnce), _ => null), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (instance, datastore, _) in page)
            {
                var payload = NoticePayloads.OfUse(instance, datastore.Name, options.Region, last * HourMilliseconds);
                await notifier.TellAsync(
                    new Notification($"{instance.InstanceId}/{last}", "trove.instance.exists", now, null, instance.TenantId, payload),
                    cancellationToken);
            }

            after = page[^1].Notice.InstanceId;
        }

        await database.WriteAsync(unit => NoticeRows.SetLastHour(unit, last), cancellationToken);
        known = last;
    }

    private static List<(Notice Notice, (string Name, string Version) Datastore, Operation? Operation)> With(
        IUnit unit, IReadOnlyList<Notice> notices, Func<Notice, Operation?> operationOf)
    {
        var versions = notices.Count == 0 ? [] : CatalogRows.Versions(unit).ToDictionary(version => version.Id);
        return [.. notices.Select(notice =>
        {
            var version = versions.GetValueOrDefault(notice.DatastoreVersionId);
            return (notice, (version?.DatastoreName ?? "", version?.Name ?? ""), operationOf(notice));
        })];
    }
}

/// <summary>How others are told.</summary>
public sealed record NoticeOptions
{
    /// <summary>So many may wait for the broker; then the oldest are dropped.</summary>
    public int Most { get; init; } = 10_000;

    /// <summary>The region, in what is told.</summary>
    public string Region { get; init; } = "RegionOne";
}
