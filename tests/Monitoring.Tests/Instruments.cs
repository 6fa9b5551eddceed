using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Monitoring.Tests;

/// <summary>All instruments of all meters of ours.</summary>
internal static partial class Instruments
{
    private static readonly string[] Libraries =
        ["Dbaas.TaskManager", "Dbaas.TroveApi", "Dbaas.Broker", "Dbaas.Persistence", "Dbaas.Hosting"];

    private static readonly Lazy<IReadOnlyList<Instrument>> Found = new(Find);

    public static IReadOnlyList<Instrument> All => Found.Value;

    /// <summary>What each is called where Prometheus reads it.</summary>
    public static IEnumerable<string> PrometheusNames => All.SelectMany(instrument =>
    {
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return KindOf(instrument) switch
        {
            "counter" => [$"{name}_total"],
            "histogram" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => new[] { name },
        };
    });

    public static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var type when type.StartsWith("UpDown", StringComparison.Ordinal) => "gauge",
        var type when type.Contains("Counter", StringComparison.Ordinal) => "counter",
        var type when type.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
        _ => "gauge",
    };

    /// <summary>As the table writes it: what is counted needs no unit.</summary>
    public static string UnitOf(Instrument instrument) => instrument.Unit is { } unit && !Counted().IsMatch(unit) ? unit : "";

    private static List<Instrument> Find()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Dbaas.", StringComparison.Ordinal))
                {
                    found.Add(instrument);
                }
            },
        };
        listener.Start();
        var holders = Libraries.SelectMany(name => Assembly.Load(name).GetTypes()).Where(HasMeter).ToList();
        holders.ForEach(type => RuntimeHelpers.RunClassConstructor(type.TypeHandle));
        using var guests = new GuestFigures(new GuestOptions(), TimeProvider.System);
        using var queues = new QueueWatch(new NoDatabase(), new GuestOptions(), TimeProvider.System, NullLogger<QueueWatch>.Instance);

        // One that is found by nobody would be missing from the table, too.
        Assert.Equal(holders.Count, found.Select(instrument => instrument.Meter.Name).Distinct().Count());
        return found;
    }

    private static bool HasMeter(Type type) => type
        .GetFields(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Any(field => field.FieldType == typeof(Meter));

    [GeneratedRegex(@"^\{.*\}$")]
    private static partial Regex Counted();
}
