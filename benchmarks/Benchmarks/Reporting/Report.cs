using System.Text;

namespace Dbaas.Benchmarks.Reporting;

/// <summary>The result as text and as Markdown.</summary>
internal sealed class Report(IReadOnlyList<string> machine, string command, IReadOnlyList<Section> sections)
{
    private const string ByHandTitle = "\n# Other planes\n";
    private static readonly string[] Header = ["Measured", "Service", "Bare", "Ratio", "Target", "Met"];

    /// <summary>What stands below the program's own results in a file, and was not measured by it.</summary>
    public static string ByHand(string file) =>
        file.IndexOf(ByHandTitle, StringComparison.Ordinal) is var start and >= 0 ? file[start..] : "";

    /// <summary>Of all sections.</summary>
    public IEnumerable<Picture> Pictures => sections.Select(section => section.Picture).OfType<Picture>();

    public string Text()
    {
        var rows = Rows();
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in machine)
        {
            text.AppendLine(line);
        }

        text.AppendLine();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        foreach (var section in sections)
        {
            text.AppendLine().AppendLine(section.Title);
            foreach (var note in section.Notes)
            {
                text.Append("  ").AppendLine(note);
            }
        }

        return text.ToString().TrimEnd();
    }

    public string Markdown()
    {
        var text = new StringBuilder(
            $"""
            # Benchmarks

            Written by `{command}`; each value was measured side by side with its bare counterpart in that one run, in turns, and is a
            median.
            Seconds differ from machine to machine, ratios much less.

            """);
        text.AppendLine();
        foreach (var line in machine)
        {
            text.Append("* ").AppendLine(line);
        }

        text.AppendLine();
        foreach (var (row, index) in Rows().Select((row, index) => (row, index)))
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
            if (index == 0)
            {
                text.Append('|').Insert(text.Length, " --- |", Header.Length).AppendLine();
            }
        }

        foreach (var section in sections)
        {
            text.AppendLine().Append("## ").AppendLine(section.Title).AppendLine().AppendLine(section.Method).AppendLine();
            foreach (var note in section.Notes)
            {
                text.Append("* ").AppendLine(note);
            }

            if (section.Picture is { } picture)
            {
                text.AppendLine().AppendLine($"![{picture.Caption}]({picture.Name})");
            }
        }

        return text.ToString();
    }

    private List<string[]> Rows() =>
    [
        Header,
        .. sections.SelectMany(section => section.Figures).Select(figure => new[]
        {
            figure.What,
            figure.Ours,
            figure.Bare,
            figure.Ratio,
            figure.Target,
            figure.Met switch { true => "yes", false => "NO", null => "" },
        }),
    ];
}
