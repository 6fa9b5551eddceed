using System.Globalization;

namespace Dbaas.Benchmarks.Reporting;

/// <summary>Lines of the table.</summary>
internal static class Figures
{
    /// <summary>A value that has a limit.</summary>
    public static Figure AtMost(string what, double value, string format, string unit, double most, double? bare = null) => new(
        what,
        Text(value, format, unit),
        bare is { } other ? Text(other, format, unit) : "",
        "",
        $"≤ {most.ToString(CultureInfo.InvariantCulture)} {unit}",
        value <= most);

    /// <summary>A value whose ratio to its bare counterpart has a limit.</summary>
    public static Figure Ratio(string what, double value, double bare, string format, string unit, double most) => new(
        what,
        Text(value, format, unit),
        Text(bare, format, unit),
        (value / bare).ToString("0.00", CultureInfo.InvariantCulture),
        $"≤ {most.ToString(CultureInfo.InvariantCulture)}",
        value / bare <= most);

    private static string Text(double value, string format, string unit) =>
        $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
