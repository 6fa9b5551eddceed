using System.Diagnostics.Metrics;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Which upkeep this node does. docs/monitoring.md tells what each means.</summary>
public static class UpkeepMeter
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Upkeep";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Takes = Meter.CreateCounter<long>(
        "dbaas.upkeep.takes", "{kind}", "Kinds of upkeep that this node has taken on.");

    internal static void Taken(string kind) => Takes.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
