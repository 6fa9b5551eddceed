using System.Globalization;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>How long a file of the binary log is kept, as a configuration group says it.</summary>
internal static class LogExpiry
{
    /// <summary>The parameter of both engines, in seconds; 0: for ever.</summary>
    public const string Name = "binlog_expire_logs_seconds";

    /// <summary>A week, unless a configuration group says otherwise.</summary>
    public const int DefaultSeconds = 604800;

    private const string NameInDays = "expire_logs_days";

    /// <param name="configuration">The group's values.</param>
    /// <returns>Null: for ever.</returns>
    public static TimeSpan? Of(IReadOnlyDictionary<string, string> configuration)
    {
        var seconds = Number(configuration, Name)
            ?? (Number(configuration, NameInDays) * TimeSpan.FromDays(1).TotalSeconds)
            ?? DefaultSeconds;
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double? Number(IReadOnlyDictionary<string, string> configuration, string name) =>
        configuration.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
