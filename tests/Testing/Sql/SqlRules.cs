using System.Text.RegularExpressions;

namespace Dbaas.Testing.Sql;

/// <summary>
/// Forms of SQL that are wrong on a Galera cluster: locks that hold on one node only, and decisions that rest on what was read, since reads
/// are not certified. docs/decisions/0005-control-database.md says why.
/// </summary>
public static partial class SqlRules
{
    /// <summary>A read before a write of the same table in one method is wrong unless the write does not rest on it.</summary>
    private static readonly (string Method, string Table, string Reason)[] ReadsThatDecideNothing =
    [
        ("LockRows.ReleaseAll", "operation_locks", "it lists candidates; each one is given back by a guarded delete"),
        ("OperationRows.End", "operation_locks", "it lists candidates; each one is given back by a guarded delete"),
        ("CatalogRows.EnsureVersion", "datastores", "it reads an id, and ids do not change"),
        ("CatalogRows.EnsureVersion", "datastore_versions", "it reads an id, and ids do not change"),
    ];

    /// <summary>The same in a whole unit of work, by how the write begins.</summary>
    private static readonly (string Write, string Reason)[] WritesThatRestOnNoRead =
    [
        ("INSERT INTO guest_commands", "the id is the question's: one that is there already stays"),
        ("UPDATE instances SET deleted = 1", "guarded; only the operation that owns the instance deletes it"),
        ("UPDATE instances SET flavor_id", "only the operation that owns the instance changes its size"),
        ("UPDATE instances SET lock_owner = NULL", "guarded by the owner"),
        ("UPDATE instances SET lifecycle = ", "guarded, and by the operation that owns the instance"),
        ("INSERT INTO leftovers", "of two that look at once the second fails at its key, and looks again"),
        ("UPDATE leftovers SET last_seen", "when it was last seen is right whoever writes it"),
        ("INSERT INTO operation_locks", "the lock itself is a guarded write on the instance's row"),
        ("DELETE FROM operation_locks", "guarded; what was read is which ones there are"),
        ("INSERT INTO operations", "a second operation that forgets a slave finds it forgotten"),
        ("UPDATE counters", "it adds one, and what is read is read behind it"),
        ("UPDATE schema_versions", "guarded by what was read: whoever went on first wins"),
        ("INSERT INTO datastores", "an id that was read does not change, and one that is there already stays"),
        ("INSERT INTO datastore_versions", "as above"),
        ("UPDATE datastore_versions", "as above"),
        ("UPDATE datastores", "as above"),
        ("UPDATE archived_logs SET lock_owner = NULL", "guarded by the owner"),
        ("INSERT INTO archived_logs", "guarded by its instance's row, which names the log that is under way: no other is made meanwhile"),
        ("UPDATE archived_logs SET lock_owner = @operationId", "guarded; what was read is which log is the newest before this one"),
        ("UPDATE archived_logs SET state = 'Closed'", "guarded; of what was read only what never changes is used"),
        ("UPDATE archived_logs SET deleted = 1", "guarded by the number of its parts, or by the operation that owns it"),
        ("UPDATE archived_logs SET whole_until", "guarded: it only grows"),
        ("UPDATE operations SET owner", "the claim is guarded; what was read says how long nobody worked on it"),
    ];

    /// <summary>What is wrong with the statements of one method of a class of rows.</summary>
    public static IEnumerable<string> Broken(string method, IEnumerable<string> statements) => Broken(
        method, statements, (table, _) => ReadsThatDecideNothing.Any(allowed => (allowed.Method, allowed.Table) == (method, table)));

    /// <summary>What is wrong with the statements of a whole unit of work.</summary>
    public static IEnumerable<string> BrokenInUnit(IEnumerable<string> statements) => Broken(
        "A unit",
        statements,
        (_, sql) => WritesThatRestOnNoRead.Any(allowed => Beginning(sql).StartsWith(allowed.Write, StringComparison.Ordinal)));

    /// <summary>It writes nothing.</summary>
    public static bool IsRead(string sql) => !Write().IsMatch(sql);

    private static string Beginning(string sql) => Blanks().Replace(sql.TrimStart(), " ");

    private static IEnumerable<string> Broken(string where, IEnumerable<string> statements, Func<string, string, bool> restsOnNoRead)
    {
        var read = new HashSet<string>();
        foreach (var sql in statements)
        {
            if (Forbidden().Match(sql) is { Success: true } forbidden)
            {
                yield return $"{where}: {forbidden.Value} in: {sql}";
            }

            if (Write().Match(sql) is not { Success: true } write)
            {
                read.UnionWith(Source().Matches(sql).Select(match => match.Groups["table"].Value));
                continue;
            }

            if (Nested().IsMatch(sql))
            {
                yield return $"{where}: a write that reads other rows: {sql}";
            }

            var table = write.Groups["table"].Value;
            if (read.Contains(table) && !restsOnNoRead(table, sql))
            {
                yield return $"{where}: {table} is read before it is written by: {sql}";
            }
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

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
