using System.Text;
using System.Text.RegularExpressions;

namespace Dbaas.Datastores.MySql.Logs;

/// <summary>
/// What users may read of a log. One engine writes statements as they came, and no engine knows every statement that holds a password: from
/// a word on that passwords come with, nothing of an entry is shown. Which part behind it is one cannot be told: there are hexadecimal
/// ones, and what ends a quoted one depends on the client.
/// </summary>
internal static partial class Discretion
{
    private const string LeftOut = " [not shown]\n";

    /// <summary>Whole entries, without what is not shown.</summary>
    public static string Of(string entries, Regex entry)
    {
        if (!Delicate().IsMatch(entries))
        {
            return entries;
        }

        var (shown, start) = (new StringBuilder(entries.Length), 0);
        foreach (var next in entry.EnumerateMatches(entries))
        {
            Add(shown, entries.AsSpan(start..next.Index));
            start = next.Index;
        }

        Add(shown, entries.AsSpan(start));
        return shown.ToString();
    }

    private static void Add(StringBuilder shown, ReadOnlySpan<char> one)
    {
        foreach (var word in Delicate().EnumerateMatches(one))
        {
            shown.Append(one[..(word.Index + word.Length)]).Append(LeftOut);
            return;
        }

        shown.Append(one);
    }

    // A table of another server's names its password in an address. What the engine says of a failed login names none.
    [GeneratedRegex(
        @"identified|passw(?!ord: (yes|no)\b)|connection\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Delicate();
}
