using System.Text.RegularExpressions;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>A log that the server writes for people.</summary>
/// <param name="Name">As users name it.</param>
/// <param name="FileName">The file that it is written to.</param>
/// <param name="Switch">The parameter that says whether it is written; null: it always is.</param>
/// <param name="Flushed">The engine's word for it.</param>
/// <param name="Largest">A file that is larger is turned. Two are on the volume at most, and what is written between two looks.</param>
/// <param name="Entry">Where an entry begins.</param>
internal sealed partial record LogKind(string Name, string FileName, string? Switch, string Flushed, long Largest, Regex Entry)
{
    /// <summary>The parameter that says where it is written to.</summary>
    public string FileOption => $"{Switch}_file";

    /// <summary>Why the server ended, and what it complains of.</summary>
    public static LogKind Error { get; } = new("error", "error.log", null, "ERROR", 8 << 20, ErrorEntry());

    /// <summary>All that clients say.</summary>
    public static LogKind General { get; } = new("general", "general.log", "general_log", "GENERAL", 16 << 20, GeneralEntry());

    /// <summary>What took long.</summary>
    public static LogKind SlowQuery { get; } = new("slow_query", "slow.log", "slow_query_log", "SLOW", 16 << 20, SlowEntry());

    /// <summary>All, in order of name.</summary>
    public static IReadOnlyList<LogKind> All { get; } = [Error, General, SlowQuery];

    /// <summary>Those of which users say whether they are written.</summary>
    public static IEnumerable<LogKind> Chosen => All.Where(kind => kind.Switch is not null);

    // One of the engines leaves the time out where it is that of the line before.
    [GeneratedRegex(@"^(\d{6} [ \d]\d:\d\d:\d\d\t|\t\t|\d{4}-\d\d-\d\dT\S+\t) *\d+ [A-Z][A-Za-z ]+", RegexOptions.Multiline)]
    private static partial Regex GeneralEntry();

    [GeneratedRegex("^# (Time|User@Host): ", RegexOptions.Multiline)]
    private static partial Regex SlowEntry();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[ T]", RegexOptions.Multiline)]
    private static partial Regex ErrorEntry();
}
