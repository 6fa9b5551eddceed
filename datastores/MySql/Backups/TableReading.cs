using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Checks, counts and sums up every table of users' databases, one after the other.</summary>
internal sealed class TableReading(IJobProgress progress)
{
    private const int Passes = 3;

    // Views are no data. What is not InnoDB's may have no size.
    private const string AllTables = """
        SELECT TABLE_SCHEMA AS d, TABLE_NAME AS t, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) AS bytes
        FROM information_schema.TABLES
        WHERE TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW')
          AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
        """;

    /// <summary>Large tables take as long as they take: the job has a limit of its own.</summary>
    private static readonly TimeSpan NoLimit = TimeSpan.FromDays(7);

    private readonly List<TableFinding> _tables = [];
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>The table that is being read; null: none yet.</summary>
    public string? Present { get; private set; }

    public DataFindings Found => new(_tables, _faults);

    /// <summary>With another server: what was begun is over.</summary>
    public void BeginAgain() => Present = null;

    /// <summary>Something is wrong with the data.</summary>
    public void Blame(string fault) => _faults.Add(fault);

    public async Task RunAsync(Session session, CancellationToken cancellationToken)
    {
        var tables = (await session.ShowAsync(AllTables, NoLimit, cancellationToken))
            .Select(row => (Name: $"{Sql.Identifier(row["d"]!)}.{Sql.Identifier(row["t"]!)}", Bytes: Number(row["bytes"])))
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        progress.Expect(tables.Sum(table => table.Bytes));
        foreach (var (name, bytes) in tables.Where(table => _begun.Add(table.Name)))
        {
            Present = name;
            try
            {
                await ReadAsync(session, name, bytes, cancellationToken);
            }
            catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
            {
                Blame($"{name}: {e.Message}");
            }
        }
    }

    private async Task ReadAsync(Session session, string name, long bytes, CancellationToken cancellationToken)
    {
        var said = await ShowAsync($"CHECK TABLE {name}");
        var bad = said.Where(row => IsBad(row["Msg_type"] ?? "", row["Msg_text"] ?? "")).Select(row => row["Msg_text"]).ToList();
        if (bad.Count > 0)
        {
            Blame($"{name}: {string.Join(" ", bad)}");
            return;
        }

        var rows = Number((await ShowAsync($"SELECT COUNT(*) AS n FROM {name}")).Single()["n"]);
        var sum = (await ShowAsync($"CHECKSUM TABLE {name} EXTENDED")).Single()["Checksum"];
        _tables.Add(new TableFinding(name, rows, sum ?? ""));

        async Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ShowAsync(string statement)
        {
            var answer = await session.ShowAsync(statement, NoLimit, cancellationToken);
            progress.Advance(bytes / Passes);
            return answer;
        }
    }

    // A table whose engine checks nothing says so in a note; one that nobody closed is told by a warning, and is good all the same.
    private static bool IsBad(string type, string text) => type.ToLowerInvariant() switch
    {
        "error" => true,
        "status" => text is not ("OK" or "Table is already up to date"),
        _ => false,
    };

    private static long Number(string? text) => text is null ? 0 : (long)decimal.Parse(text, CultureInfo.InvariantCulture);
}
