using System.Diagnostics.Metrics;
using Dbaas.Domain.Operations;

namespace Dbaas.TaskManager.Engine;

/// <summary>What the engine of this process does. docs/monitoring.md tells what each means.</summary>
public static class OperationMeter
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Operations";

    private static readonly Meter Meter = new(Name);

    // From a look at the database to a volume that takes a day to fill.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400],
    };

    private static readonly Counter<long> Claims = Meter.CreateCounter<long>(
        "dbaas.operation.claims", "{claim}", "Claims on operations.");

    private static readonly Counter<long> Takeovers = Meter.CreateCounter<long>(
        "dbaas.operation.takeovers", "{claim}", "Claims on operations whose former worker's lease had run out.");

    private static readonly Counter<long> LostClaims = Meter.CreateCounter<long>(
        "dbaas.operation.lost_claims", "{claim}", "Claims of this process that another worker took over.");

    private static readonly Histogram<double> Waits = Meter.CreateHistogram(
        "dbaas.operation.wait.duration", "s", "From the request until the first claim.", advice: Durations);

    private static readonly Counter<long> Completions = Meter.CreateCounter<long>(
        "dbaas.operation.completions", "{operation}", "Operations that ended.");

    private static readonly Histogram<double> OperationDurations = Meter.CreateHistogram(
        "dbaas.operation.duration", "s", "From the request until the end.", advice: Durations);

    private static readonly Histogram<double> StepDurations = Meter.CreateHistogram(
        "dbaas.operation.step.duration", "s", "From the beginning of a step until its end, over all tries.", advice: Durations);

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "dbaas.operation.step.retries", "{try}", "Tries of steps that did not work and are made again.");

    /// <summary>An operation was claimed.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="now">Unix milliseconds, by the database's clock.</param>
    internal static void Claimed(Operation before, long now)
    {
        var kind = Kind(before);
        Claims.Add(1, kind);
        if (before.Owner is not null)
        {
            Takeovers.Add(1, kind);
        }

        if (before.Claim == 0)
        {
            // Until then its first step was begun by being asked for.
            Waits.Record(Seconds(before.StepStarted, now), kind);
        }
    }

    /// <summary>Another worker has it.</summary>
    internal static void ClaimLost(Operation operation) => LostClaims.Add(1, Kind(operation));

    /// <summary>A step ended, or was undone.</summary>
    internal static void StepEnded(Operation operation, string step, string outcome, long now) =>
        StepDurations.Record(Seconds(operation.StepStarted, now), Kind(operation), new("step", step), Outcome(outcome));

    /// <summary>A step is tried again.</summary>
    internal static void StepRetried(Operation operation, string step) => Retries.Add(1, Kind(operation), new("step", step));

    /// <summary>An operation ended.</summary>
    internal static void Ended(Operation operation, string outcome, long now)
    {
        Completions.Add(1, Kind(operation), Outcome(outcome));
        OperationDurations.Record(Seconds(operation.Created, now), Kind(operation), Outcome(outcome));
    }

    private static KeyValuePair<string, object?> Kind(Operation operation) => new("kind", operation.Kind);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);

    // Clocks of several machines: what seems to end before it began took no time.
    private static double Seconds(long from, long until) => Math.Max(0, until - from) / 1000.0;
}
