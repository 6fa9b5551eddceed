using System.Text;
using System.Text.RegularExpressions;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>Why a server ended: in its own words.</summary>
internal static partial class ErrorLog
{
    private const int Longest = 256 * 1024;
    private const int LongestReason = 500;

    /// <summary>With which the tools call people to a terminal.</summary>
    private const char Bell = '\a';

    /// <summary>The first error of the last start in the server's log; null: it gave none.</summary>
    /// <param name="path">The log.</param>
    /// <param name="from">How long it was before: what is older is of other starts. Shorter now, it is another one.</param>
    public static string? ReasonOfLastStart(string path, long from)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(Math.Max(file.Length - Longest, file.Length < from ? 0 : from), SeekOrigin.Begin);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return ReasonIn(reader.ReadToEnd());
        }
        catch (IOException)
        {
            // It ended before it opened its log.
            return null;
        }
    }

    /// <summary>The same of a text: what follows from the first error, "Aborting" for one, says nothing.</summary>
    public static string? ReasonIn(string text)
    {
        var start = Start().Matches(text).LastOrDefault()?.Index ?? 0;
        var reason = Error().Match(text, start);
        return reason.Success ? Shortened(reason.Groups["words"].Value) : null;
    }

    /// <summary>
    /// Of what a server says before its log is open: its first error, or the last line that is more than a remark. Null: nothing.
    /// </summary>
    public static string? ReasonInOutput(string text) =>
        ReasonIn(text)
            ?? text.Split('\n').Where(line => line.Trim().Length > 0 && !Remark().IsMatch(line)).Select(Shortened).LastOrDefault();

    /// <summary>How long a log is; 0: there is none.</summary>
    public static long LengthOf(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>The reason is that there is no room on the disk: a server may want more of it at once than is left.</summary>
    public static bool SpeaksOfNoSpace(string? reason) => reason is not null && NoSpace().IsMatch(reason);

    /// <summary>For a fault.</summary>
    public static string Shortened(string words) => words.Trim().Trim(Bell) is { Length: > LongestReason } longer
        ? longer[..LongestReason] + "…"
        : words.Trim().Trim(Bell);

    [GeneratedRegex("starting as process|as process [0-9]+", RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    [GeneratedRegex(@"\[(Warning|Note|System)\]|Aborting")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\b(errno|error)( number)?:? 28\b|no space left|disk( is)? full", RegexOptions.IgnoreCase)]
    private static partial Regex NoSpace();

    // Before its log is open a server begins with its own name where it says more than a remark.
    [GeneratedRegex(@"(\[ERROR\]\s*(\[MY-[0-9]+\]\s*)?(\[\w+\]\s*)?|^(\S*/)?(mariadbd|mysqld): )(?!\s*Aborting)(?<words>[^\n]+)",
        RegexOptions.Multiline)]
    private static partial Regex Error();
}
