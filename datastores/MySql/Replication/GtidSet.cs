using System.Globalization;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MySQL's GTID sets: <c>uuid:1-5:7,uuid:tag:1-3</c>. What the server can answer (subtraction, subset) is asked of the server.
/// </summary>
internal sealed class GtidSet
{
    private readonly SortedDictionary<string, List<(long First, long Last)>> _intervals = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is something else.</exception>
    public static GtidSet Parse(string text)
    {
        var set = new GtidSet();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pieces = part.Split(':', StringSplitOptions.TrimEntries);
            var source = pieces[0].ToLowerInvariant();
            var owner = source;
            foreach (var piece in pieces.Skip(1))
            {
                if (piece.Length > 0 && !char.IsAsciiDigit(piece[0]))
                {
                    owner = $"{source}:{piece}";
                    continue;
                }

                var ends = piece.Split('-');
                set.Add(owner, long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[^1], CultureInfo.InvariantCulture));
            }
        }

        return set;
    }

    /// <summary>How many transactions.</summary>
    public long Count => _intervals.Values.SelectMany(list => list).Sum(interval => interval.Last - interval.First + 1);

    /// <summary>The highest number of a server's own (without a tag); 0: none.</summary>
    public long Highest(string server) =>
        _intervals.TryGetValue(server.ToLowerInvariant(), out var list) ? list.Max(interval => interval.Last) : 0;

    /// <summary>One more.</summary>
    public void Add(string owner, long number) => Add(owner, number, number);

    /// <summary>It is here.</summary>
    public bool Contains(string owner, long number) =>
        _intervals.TryGetValue(owner, out var list) && list.Any(interval => interval.First <= number && number <= interval.Last);

    /// <summary>What is in one or the other.</summary>
    public GtidSet Union(GtidSet other)
    {
        var union = new GtidSet();
        foreach (var (owner, list) in _intervals.Concat(other._intervals))
        {
            foreach (var (first, last) in list)
            {
                union.Add(owner, first, last);
            }
        }

        return union;
    }

    /// <summary>One server's own, also under its tags.</summary>
    public GtidSet Of(string server) => Where(owner => IsOf(owner, server));

    /// <summary>All but one server's own.</summary>
    public GtidSet Without(string server) => Where(owner => !IsOf(owner, server));

    /// <summary>All of the other's are here.</summary>
    public bool Covers(GtidSet other) => other._intervals.All(theirs =>
        _intervals.TryGetValue(theirs.Key, out var mine)
        && theirs.Value.All(part => mine.Any(whole => whole.First <= part.First && part.Last <= whole.Last)));

    public override string ToString() => string.Join(
        ',',
        _intervals.Select(
            pair => $"{pair.Key}:{string.Join(':', pair.Value.Select(i => i.First == i.Last ? $"{i.First}" : $"{i.First}-{i.Last}"))}"));

    private static bool IsOf(string owner, string server) => owner.Split(':')[0].Equals(server, StringComparison.OrdinalIgnoreCase);

    private GtidSet Where(Func<string, bool> isWanted)
    {
        var some = new GtidSet();
        foreach (var (owner, list) in _intervals.Where(pair => isWanted(pair.Key)))
        {
            some._intervals[owner] = [.. list];
        }

        return some;
    }

    private void Add(string owner, long first, long last)
    {
        if (!_intervals.TryGetValue(owner, out var list))
        {
            _intervals[owner] = list = [];
        }

        foreach (var touching in list.Where(i => i.First <= last + 1 && i.Last >= first - 1).ToList())
        {
            list.Remove(touching);
            (first, last) = (Math.Min(first, touching.First), Math.Max(last, touching.Last));
        }

        list.Add((first, last));
        list.Sort();
    }
}
