using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.TaskManager.Guests;

/// <summary>What the guests of this gateway report of themselves, for those who listen. docs/monitoring.md tells what each means.</summary>
public sealed class GuestFigures : IDisposable
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Guests";

    private readonly Meter meter = new(Name);
    private readonly ConcurrentDictionary<string, (GuestReport Report, long At)> reports = new();
    private readonly Counter<long> count;
    private readonly Instrument[] ofInstances;
    private readonly GuestOptions options;
    private readonly TimeProvider time;

    /// <summary>Makes the instruments.</summary>
    public GuestFigures(GuestOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        count = meter.CreateCounter<long>("dbaas.guest.reports", "{report}", "Reports of agents that this gateway took.");
        ofInstances =
        [
            meter.CreateObservableGauge(
                "dbaas.instance.replication.lag",
                () => Of(report => report.Replication?.LagSeconds),
                "s",
                "How far a slave is behind its master."),
            meter.CreateObservableGauge(
                "dbaas.instance.volume.used", () => Of(report => report.Volume?.UsedBytes), "By", "What is in use of a volume."),
            meter.CreateObservableGauge(
                "dbaas.instance.volume.size", () => Of(report => report.Volume?.TotalBytes), "By", "The size of a volume's file system."),
            meter.CreateObservableGauge(
                "dbaas.instance.connections",
                () => Of(report => report.Figures?.Connections),
                "{connection}",
                "Connections that a database server has, with its agent's."),
            meter.CreateObservableCounter(
                "dbaas.instance.queries",
                () => Of(report => report.Figures?.Queries),
                "{query}",
                "Queries that a database server had from clients since its start."),
        ];
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    /// <summary>A report has come. It is kept only while somebody listens.</summary>
    internal void Note(string instanceId, GuestReport report)
    {
        count.Add(1);
        if (ofInstances.Any(instrument => instrument.Enabled))
        {
            reports[instanceId] = (report with { Certificate = null, Events = [], Jobs = [] }, time.GetTimestamp());
        }
    }

    // One that reports to another gateway, or is silent, is no longer told of here.
    private IEnumerable<Measurement<T>> Of<T>(Func<GuestReport, T?> figure)
        where T : struct
    {
        foreach (var (id, (report, at)) in reports)
        {
            if (time.GetElapsedTime(at) > options.SilentAfter)
            {
                reports.TryRemove(id, out _);
            }
            else if (figure(report) is { } value)
            {
                yield return new Measurement<T>(value, new KeyValuePair<string, object?>("dbaas.instance.id", id));
            }
        }
    }
}
