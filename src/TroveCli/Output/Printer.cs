using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dbaas.TroveCli.Output;

/// <summary>Tables in the plain form that can be read, cut and grepped; in a terminal such that they fit it.</summary>
internal sealed class Printer(Terminal terminal)
{
    private static readonly string[] PropertyHeaders = ["Property", "Value"];

    private int Room => terminal.OutIsLive ? terminal.Columns() : int.MaxValue;

    public void Json(JsonNode document) => terminal.Out.WriteLine(JsonText.Readable(document));

    public void Properties(IEnumerable<(string Property, string Value)> rows) =>
        Table(PropertyHeaders, rows.Select(row => (string[])[row.Property, row.Value]));

    public void Table(IReadOnlyList<Column> columns, JsonArray items) =>
        Table([.. columns.Select(column => column.Header)], items.Select(item => columns.Select(column => column.Of(item)).ToArray()));

    public void Table(string[] headers, IEnumerable<string[]> rows)
    {
        var shown = rows.Select(row => row.Select(Visible.Text).ToArray()).ToList();
        if (TableLayout.Fit(headers, shown, Room) is { } widths)
        {
            Render(Table(headers, shown, widths));
            return;
        }

        // One below the other.
        foreach (var row in shown)
        {
            var list = headers.Zip(row, (header, cell) => (string[])[header, cell]).ToList();
            Render(Table(PropertyHeaders, list, TableLayout.Fit(PropertyHeaders, list, Room) ?? TableLayout.Whole(PropertyHeaders, list)));
            terminal.Out.WriteLine();
        }
    }

    public void Tree(IEnumerable<TreeLine> roots)
    {
        foreach (var root in roots)
        {
            Render(TreeOf(root));
        }
    }

    public static Tree TreeOf(TreeLine root)
    {
        var tree = new Tree(new Text(Visible.Text(root.Text)));
        Hang(tree, root.Below);
        return tree;
    }

    private static Table Table(string[] headers, List<string[]> rows, IReadOnlyList<int> widths)
    {
        var table = new Table().NoBorder();
        foreach (var (header, width) in headers.Zip(widths))
        {
            var gap = table.Columns.Count < headers.Length - 1 ? TableLayout.Gap : 0;
            table.AddColumn(new TableColumn(new Text(header, Tint.Header)) { Width = width, Padding = new Padding(0, 0, gap, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, Tint.Of(cell))));
        }

        return table;
    }

    private static void Hang(IHasTreeNodes parent, IEnumerable<TreeLine> below)
    {
        foreach (var line in below)
        {
            Hang(parent.AddNode(new Text(Visible.Text(line.Text))), line.Below);
        }
    }

    private void Render(IRenderable content)
    {
        using var text = new StringWriter { NewLine = "\n" };
        terminal.Write(content, text);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            terminal.Out.WriteLine(line.TrimEnd());
        }
    }
}
