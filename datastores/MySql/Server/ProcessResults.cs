using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What a program said at its end.</summary>
internal static partial class ProcessResults
{
    extension(ProcessResult result)
    {
        /// <summary>
        /// Why it failed: that there was no space, a server's first error, or the last line that speaks of one; the tools end with what
        /// follows from it, and shells with what they saw of that.
        /// </summary>
        public string Reason => ReasonIn(result.ErrorTail) ?? "no message";

        /// <summary>
        /// A backup tool's line that says that it came too late: the server writes faster than its data can be copied. Null: none.
        /// </summary>
        public string? Overrun => OverrunIn(result.ErrorTail);
    }

    /// <summary>The same of a text.</summary>
    public static string? OverrunIn(string text) => Lines(text).LastOrDefault(line => OverrunLine().IsMatch(line));

    /// <summary>The same of a text; null: it is empty.</summary>
    public static string? ReasonIn(string text)
    {
        var lines = Lines(text);
        var reason = OverrunIn(text) is { } overrun
            ? $"the server writes faster than its data can be copied ({overrun})"
            : lines.FirstOrDefault(ErrorLog.SpeaksOfNoSpace)
                ?? ErrorLog.ReasonIn(text)
                ?? lines.LastOrDefault(line => Error().IsMatch(line) && !Shell().IsMatch(line))
                ?? lines.LastOrDefault();
        return reason is null ? null : ErrorLog.Shortened(reason);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex("Was only able to copy log|redo log was overwritten", RegexOptions.IgnoreCase)]
    private static partial Regex OverrunLine();

    [GeneratedRegex(@"\b(error|failed|fatal|cannot|can't|denied)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex("Broken pipe")]
    private static partial Regex Shell();
}
