using System.Diagnostics.Metrics;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Guests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// What waits in the control database, looked at while somebody listens. Every task manager tells the same: whoever adds up takes one of
/// them. docs/monitoring.md tells what each means.
/// </summary>
public sealed class QueueWatch : BackgroundService
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Queues";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    // Guests are many, and their rows are read one by one.
    private static readonly TimeSpan LookAtGuestsEvery = TimeSpan.FromMinutes(1);

    private readonly Meter meter = new(Name);
    private readonly Instrument[] instruments;
    private readonly IDatabase database;
    private readonly GuestOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<QueueWatch> logger;
    private Seen queues = Seen.Nothing;
    private Seen guests = Seen.Nothing;

    /// <summary>Makes the instruments.</summary>
    public QueueWatch(IDatabase database, GuestOptions options, TimeProvider time, ILogger<QueueWatch> logger)
    {
        (this.database, this.options, this.time, this.logger) = (database.In(DatabaseLane.Engine), options, time, logger);
        instruments =
        [
            Count("dbaas.operations", "operations", "{operation}", "Operations that have not ended."),
            Age("dbaas.operations.oldest.age", "operations", "How long the oldest of them is due, or its step under way."),
            Count("dbaas.commands", "commands", "{command}", "What guests were asked, and nobody has done with yet."),
            Age("dbaas.commands.oldest.age", "commands", "How long ago the oldest of them was asked."),
            Count("dbaas.guests", "guests", "{guest}", "Guests that were ever heard of, by what their servers do; silent ones apart."),
            Age("dbaas.guests.oldest.age", "guests", "How long ago the one of them was heard of that is silent for the longest."),
        ];
    }

    /// <summary>Looks once, at what it is time for.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!instruments.Any(instrument => instrument.Enabled))
        {
            return;
        }

        queues = Now(await database.ReadAsync(QueueRows.Look, cancellationToken));
        if (guests.Figures.Count == 0 || time.GetElapsedTime(guests.At) >= LookAtGuestsEvery - LookEvery)
        {
            guests = Now(await database.ReadAsync(unit => QueueRows.LookAtGuests(unit, options.SilentAfter), cancellationToken));
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("What waits could not be counted: {Why}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ObservableGauge<long> Count(string name, string queue, string unit, string description) =>
        meter.CreateObservableGauge(name, () => Of(queue, figure => figure.Number), unit, description);

    private ObservableGauge<double> Age(string name, string queue, string description) =>
        meter.CreateObservableGauge(name, () => Of(queue, figure => Math.Max(0, figure.Age) / 1000.0), "s", description);

    // What nobody could look at lately is not known: an alert about a missing series is better than yesterday's number.
    private IEnumerable<Measurement<T>> Of<T>(string queue, Func<QueueFigure, T> figure)
        where T : struct =>
        from seen in new[] { queues, guests }
        where time.GetElapsedTime(seen.At) < 2 * LookAtGuestsEvery
        from one in seen.Figures
        where one.Queue == queue
        select new Measurement<T>(figure(one), new KeyValuePair<string, object?>("state", one.Standing));

    private Seen Now(IReadOnlyList<QueueFigure> figures) => new(figures, time.GetTimestamp());

    private sealed record Seen(IReadOnlyList<QueueFigure> Figures, long At)
    {
        public static readonly Seen Nothing = new([], 0);
    }
}
