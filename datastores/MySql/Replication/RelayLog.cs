using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>What a MariaDB slave received before its server ended, and had not applied yet.</summary>
internal static partial class RelayLog
{
    private const int Page = 500;

    /// <summary>Where the first transaction begins that is not applied; null: all are, or nothing can be read.</summary>
    /// <param name="session">Of a server that follows somebody, and does not apply now.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="applied">The end of each domain.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    public static async Task<(string File, long Position)?> FirstUnappliedAsync(
        Session session, string folder, string applied, CancellationToken cancellationToken)
    {
        var done = MariaDbGtidState.Parse(applied);
        foreach (var file in Files(folder))
        {
            if (await FirstUnappliedInAsync(session, file, done, cancellationToken) is { } position)
            {
                return (file, position);
            }
        }

        return null;
    }

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => FileName().IsMatch(name))
            .Order(StringComparer.Ordinal)
        : [];

    private static async Task<long?> FirstUnappliedInAsync(
        Session session, string file, MariaDbGtidState done, CancellationToken cancellationToken)
    {
        var (from, page) = (4L, Page);
        while (true)
        {
            IReadOnlyList<IReadOnlyDictionary<string, string?>> events;
            try
            {
                events = await session.ShowAsync(
                    $"SHOW RELAYLOG EVENTS IN {Sql.Literal(file)} FROM {from} LIMIT {page}", cancellationToken);
            }
            catch (DatastoreException e) when (e.Kind is not GuestProtocol.FaultKind.Transient)
            {
                // An event that was not written whole spoils the answer. The ones before it are read step by step; it ends the file.
                if (page == 2)
                {
                    return null;
                }

                page = 2;
                continue;
            }

            foreach (var entry in events)
            {
                if (entry["Event_type"] == "Gtid" && Gtid().Match(entry["Info"] ?? "") is { Success: true } gtid
                    && done.Highest(uint.Parse(gtid.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                        < long.Parse(gtid.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
                {
                    return long.Parse(entry["Pos"]!, CultureInfo.InvariantCulture);
                }
            }

            if (events.Count < page)
            {
                return null;
            }

            // The next page begins with the last event of this one: only its place is known for sure.
            from = long.Parse(events[^1]["Pos"]!, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"^relay\.[0-9]{6,}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"GTID ([0-9]+)-[0-9]+-([0-9]+)")]
    private static partial Regex Gtid();
}
