using System.Text.RegularExpressions;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>
/// Forms of SQL that are wrong on a Galera cluster: locks that hold on one node only, and decisions that rest on what was read, since reads
/// are not certified. docs/decisions/0005-control-database.md says why.
/// </summary>
internal static partial class SqlRules
{
    /// <summary>A read before a write of the same table in one unit is wrong unless the write does not rest on it.</summary>
    private static readonly (string Method, string Table, string Reason)[] ReadsThatDecideNothing =
    [
        ("LockRows.ReleaseAll", "operation_locks", "it lists candidates; each one is given back by a guarded delete"),
        ("OperationRows.End", "operation_locks", "it lists candidates; each one is given back by a guarded delete"),
        ("CatalogRows.EnsureVersion", "datastores", "it reads an id, and ids do not change"),
        ("CatalogRows.EnsureVersion", "datastore_versions", "it reads an id, and ids do not change"),
    ];

    /// <summary>What is wrong with a unit's statements.</summary>
    public static IEnumerable<string> Broken(string method, IEnumerable<string> statements)
    {
        var read = new HashSet<string>();
        foreach (var sql in statements)
        {
            if (Forbidden().Match(sql) is { Success: true } forbidden)
            {
                yield return $"{method}: {forbidden.Value} in: {sql}";
            }

            if (Write().Match(sql) is not { Success: true } write)
            {
                read.UnionWith(Source().Matches(sql).Select(match => match.Groups["table"].Value));
                continue;
            }

            if (Nested().IsMatch(sql))
            {
                yield return $"{method}: a write that reads other rows: {sql}";
            }

            var table = write.Groups["table"].Value;
            if (read.Contains(table) && !ReadsThatDecideNothing.Any(allowed => (allowed.Method, allowed.Table) == (method, table)))
            {
                yield return $"{method}: {table} is read before it is written by: {sql}";
            }
        }
    }

    [GeneratedRegex(
        @"FOR\s+UPDATE|LOCK\s+IN\s+SHARE\s+MODE|GET_LOCK|LOCK\s+TABLES|INSERT\s+IGNORE|INSERT\s+OR|REPLACE\s+INTO",
        RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"^\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Write();

    [GeneratedRegex(@"\b(SELECT|JOIN|EXISTS\s*\()", RegexOptions.IgnoreCase)]
    private static partial Regex Nested();

    [GeneratedRegex(@"\b(FROM|JOIN)\s+(?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Source();
}
