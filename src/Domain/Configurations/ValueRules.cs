using System.Globalization;

namespace Dbaas.Domain.Configurations;

/// <summary>
/// What each value's own limits do not say: how the values of a group go together, and with the size of an instance. An engine finds it
/// out when it starts, or when it runs out of memory.
/// </summary>
public static class ValueRules
{
    private const string CharacterSet = "character_set_server";
    private const string Collation = "collation_server";
    private const string DefaultCharacterSet = "utf8mb4";
    private const string LogBuffer = "innodb_log_buffer_size";
    private const string RedoLog = "innodb_log_file_size";
    private const long Megabyte = 1024 * 1024;
    private const long Gigabyte = 1024 * Megabyte;

    // The engine itself, connections and the agent need the rest.
    private const int MostOfMemoryPercent = 80;

    // Held by the server, all of them together.
    private static readonly string[] Shared = ["innodb_buffer_pool_size", LogBuffer, "key_buffer_size"];

    // Held by each of many connections when it needs it.
    private static readonly string[] OfConnections =
        ["bulk_insert_buffer_size", "join_buffer_size", "myisam_sort_buffer_size", "sort_buffer_size"];

    /// <summary>Why the values of a group do not go together; null: they do.</summary>
    /// <param name="values">As the engine takes them.</param>
    public static string? WhyNotTogether(IReadOnlyDictionary<string, string> values)
    {
        var characters = values.GetValueOrDefault(CharacterSet) ?? DefaultCharacterSet;
        if (values.TryGetValue(Collation, out var collation) && !CharacterSets.Fits(collation, characters))
        {
            return $"The configuration parameter {Collation} ({collation}) does not fit {CharacterSet}, which is {characters}.";
        }

        return values.ContainsKey(RedoLog) && Number(values, LogBuffer) > Number(values, RedoLog)
            ? $"The configuration parameter {LogBuffer} is larger than {RedoLog}, into which it is written."
            : null;
    }

    /// <summary>Why an instance of this size cannot have these values; null: it can.</summary>
    /// <param name="values">As the engine takes them.</param>
    /// <param name="memoryMb">Its flavor's memory.</param>
    /// <param name="volumeGb">Its volume.</param>
    public static string? WhyNotFor(IReadOnlyDictionary<string, string> values, int memoryMb, int volumeGb)
    {
        var most = (Int128)memoryMb * Megabyte * MostOfMemoryPercent / 100;
        var shared = Shared.Where(values.ContainsKey).ToList();
        if (shared.Aggregate(Int128.Zero, (sum, name) => sum + Number(values, name)) > most)
        {
            return $"{Names(shared)} may have {most} bytes in all on a flavor with {memoryMb} MB of memory.";
        }

        if (OfConnections.FirstOrDefault(name => Number(values, name) > most) is { } large)
        {
            return $"{Names([large])} may have {most} bytes on a flavor with {memoryMb} MB of memory.";
        }

        var mostLog = volumeGb * Gigabyte / 2;
        return Number(values, RedoLog) > mostLog
            ? $"{Names([RedoLog])} may have {mostLog} bytes on a volume of {volumeGb} GB: half of it."
            : null;
    }

    private static string Names(List<string> names) =>
        $"The configuration parameter{(names.Count == 1 ? "" : "s")} {string.Join(" and ", names)}";

    private static Int128 Number(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var text) && Int128.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
