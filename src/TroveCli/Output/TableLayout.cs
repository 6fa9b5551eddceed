using Spectre.Console;

namespace Dbaas.TroveCli.Output;

/// <summary>How wide the columns of a table are in a terminal. A cell no longer than an id stays whole, to be copied.</summary>
internal static class TableLayout
{
    /// <summary>Between two columns.</summary>
    public const int Gap = 2;

    /// <summary>As long as an id.</summary>
    private const int LongestWhole = 36;

    /// <summary>
    /// Of each column the width, within which its cells and its header are wrapped; null: the table does not fit, and each row is better
    /// shown as a list of its own.
    /// </summary>
    public static IReadOnlyList<int>? Fit(IReadOnlyList<string> headers, IReadOnlyList<string[]> rows, int terminal)
    {
        var whole = Whole(headers, rows);
        var room = terminal - (Gap * (headers.Count - 1));
        if (whole.Sum() <= room)
        {
            return whole;
        }

        var least = headers
            .Select((header, column) => Math.Max(LongestWord(header), Math.Min(LongestWhole, Widest(rows, column))))
            .ToArray();
        var left = room - least.Sum();
        if (left < 0)
        {
            return null;
        }

        for (var column = 0; column < least.Length; column++)
        {
            var more = Math.Min(left, whole[column] - least[column]);
            least[column] += more;
            left -= more;
        }

        return least;
    }

    /// <summary>As wide as the content.</summary>
    public static int[] Whole(IReadOnlyList<string> headers, IReadOnlyList<string[]> rows) =>
        [.. headers.Select((header, column) => Math.Max(header.GetCellWidth(), Widest(rows, column)))];

    private static int Widest(IReadOnlyList<string[]> rows, int column) =>
        rows.Select(row => row[column].GetCellWidth()).DefaultIfEmpty().Max();

    private static int LongestWord(string text) => text.Split(' ').Max(word => word.GetCellWidth());
}
