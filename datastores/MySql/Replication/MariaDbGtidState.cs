using System.Globalization;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MariaDB's <c>gtid_binlog_state</c>: for each domain and server, the last sequence number logged there. In strict mode the numbers of a
/// domain rise over all its servers, so the highest of a domain is its end.
/// </summary>
internal sealed class MariaDbGtidState
{
    private readonly SortedDictionary<(uint Domain, uint Server), long> _last = [];

    /// <summary>Reads <c>0-1-100,0-2-150</c>; empty: nothing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static MariaDbGtidState Parse(string text)
    {
        var state = new MariaDbGtidState();
        foreach (var gtid in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = gtid.Split('-');
            if (parts.Length != 3)
            {
                throw new FormatException($"'{gtid}' is not a MariaDB GTID.");
            }

            state.Add(
                (uint.Parse(parts[0], CultureInfo.InvariantCulture), uint.Parse(parts[1], CultureInfo.InvariantCulture)),
                long.Parse(parts[2], CultureInfo.InvariantCulture));
        }

        return state;
    }

    /// <summary>The higher of both, per domain and server.</summary>
    public MariaDbGtidState Merge(MariaDbGtidState other)
    {
        var union = new MariaDbGtidState();
        foreach (var (key, sequence) in _last.Concat(other._last))
        {
            union.Add(key, sequence);
        }

        return union;
    }

    /// <summary>The highest number of a domain; 0: none.</summary>
    public long Highest(uint domain) => _last.Where(pair => pair.Key.Domain == domain).Select(pair => pair.Value).DefaultIfEmpty().Max();

    /// <summary>The end of each domain, as GTIDs.</summary>
    public IEnumerable<string> LastOfEachDomain() => _last
        .GroupBy(pair => pair.Key.Domain)
        .Select(domain => domain.MaxBy(pair => pair.Value))
        .Select(pair => Text(pair.Key, pair.Value));

    /// <summary>In every domain of the other's, this one is as far or further.</summary>
    public bool CoversDomainsOf(MariaDbGtidState other) => other._last.All(pair => Highest(pair.Key.Domain) >= pair.Value);

    /// <summary>What is here and not in the other: the last GTID of every server that went further here.</summary>
    public IEnumerable<string> Beyond(MariaDbGtidState other) => _last
        .Where(pair => !other._last.TryGetValue(pair.Key, out var theirs) || theirs < pair.Value)
        .Select(pair => Text(pair.Key, pair.Value));

    /// <summary>By how many transactions the ends of the domains are apart.</summary>
    public long CountBeyond(MariaDbGtidState other) => _last.Keys
        .Select(key => key.Domain)
        .Distinct()
        .Sum(domain => Math.Max(0, Highest(domain) - other.Highest(domain)));

    /// <summary>All but one server's.</summary>
    public MariaDbGtidState Without(string server)
    {
        var rest = new MariaDbGtidState();
        foreach (var (key, sequence) in _last.Where(pair => pair.Key.Server != uint.Parse(server, CultureInfo.InvariantCulture)))
        {
            rest.Add(key, sequence);
        }

        return rest;
    }

    /// <summary>What a server logged itself beyond the ends of another's domains.</summary>
    public string OwnBeyond(string server, MariaDbGtidState other) => string.Join(
        ',',
        _last.Where(
            pair => pair.Key.Server == uint.Parse(server, CultureInfo.InvariantCulture) && pair.Value > other.Highest(pair.Key.Domain))
            .Select(pair => Text(pair.Key, pair.Value)));

    public override string ToString() => string.Join(',', _last.Select(pair => Text(pair.Key, pair.Value)));

    private static string Text((uint Domain, uint Server) key, long sequence) => $"{key.Domain}-{key.Server}-{sequence}";

    private void Add((uint Domain, uint Server) key, long sequence) =>
        _last[key] = Math.Max(sequence, _last.GetValueOrDefault(key));
}
