using System.Globalization;
using System.Text.RegularExpressions;

namespace Dbaas.Cloud.Local.Host;

/// <summary>One line of the kernel's table of mounts.</summary>
internal sealed record Mount(string Point, bool IsReadOnly, string Kind, string Source, string SuperOptions)
{
    public bool IsAtOrBelow(string path) =>
        Point == path || Point.StartsWith(path + "/", StringComparison.Ordinal);
}

/// <summary>What is mounted, as the kernel says. Nothing is remembered: a mount may have gone by itself (a reboot).</summary>
internal static partial class MountTable
{
    /// <summary>In the order in which they were mounted.</summary>
    public static IReadOnlyList<Mount> Read() => [.. File.ReadAllLines("/proc/self/mountinfo").Select(Parse)];

    /// <summary>The topmost mount at a point, or null.</summary>
    public static Mount? At(string point) => Read().LastOrDefault(mount => mount.Point == point);

    /// <summary><c>id parent major:minor root POINT OPTIONS [tags] - KIND source SUPER-OPTIONS</c></summary>
    internal static Mount Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        return new Mount(
            Octal().Replace(fields[4], match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture)),
            fields[5].Split(',').Contains("ro"),
            fields[dash + 1],
            fields[dash + 2],
            fields.Length > dash + 3 ? fields[dash + 3] : "");
    }

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
