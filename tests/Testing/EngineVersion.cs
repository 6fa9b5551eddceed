using System.Globalization;
using System.Text.RegularExpressions;

namespace Dbaas.Testing;

/// <summary>What a root file system's MySQL says about itself, and whether it will do.</summary>
public static partial class EngineVersion
{
    private static readonly Version OldestMySql = new(8, 4);

    /// <summary>The version in what <c>mysqld --version</c> printed.</summary>
    /// <exception cref="InvalidOperationException">It is too old, or no MySQL. The message says what was found.</exception>
    public static Version MySqlOf(string printed)
    {
        var match = Pattern().Match(printed);
        if (!match.Success || printed.Contains("MariaDB", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The root file system holds no MySQL. Its mysqld says: '{printed.Trim()}'.");
        }

        var version = new Version(Number(match, 1), Number(match, 2), Number(match, 3));
        return version >= OldestMySql
            ? version
            : throw new InvalidOperationException(
                $"The root file system holds MySQL {version}; {OldestMySql} or newer is needed. Its mysqld says: '{printed.Trim()}'.");
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bVer (\d{1,3})\.(\d{1,3})\.(\d{1,3})")]
    private static partial Regex Pattern();
}
