using System.Diagnostics.Metrics;
using System.Text.Json;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>What is counted of the control database.</summary>
public static class DatabaseMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Dbaas.Persistence";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "dbaas.database.retries", "{retry}", "Units of work that ran again, by class of the error that they ended with before.");

    internal static void UnitRunsAgain(RetryReason reason) =>
        Retries.Add(1, new KeyValuePair<string, object?>("class", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString())));
}
