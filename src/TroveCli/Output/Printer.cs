using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dbaas.TroveCli.Output;

/// <summary>Tables in the plain form that can be read, cut and grepped.</summary>
internal sealed class Printer(TextWriter output)
{
    public void Json(JsonNode document) => output.WriteLine(JsonText.Readable(document));

    public void Properties(IEnumerable<(string Property, string Value)> rows) =>
        Table(["Property", "Value"], rows.Select(row => (string[])[row.Property, row.Value]));

    public void Table(IReadOnlyList<Column> columns, JsonArray items) =>
        Table([.. columns.Select(column => column.Header)], items.Select(item => columns.Select(column => column.Of(item)).ToArray()));

    public void Table(string[] headers, IEnumerable<string[]> rows)
    {
        var table = new Table().NoBorder();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Visible.Text(cell))));
        }

        Render(table);
    }

    public void Tree(IEnumerable<TreeLine> roots)
    {
        foreach (var root in roots)
        {
            var tree = new Tree(new Text(Visible.Text(root.Text)));
            Hang(tree, root.Below);
            Render(tree);
        }
    }

    private static void Hang(IHasTreeNodes parent, IEnumerable<TreeLine> below)
    {
        foreach (var line in below)
        {
            Hang(parent.AddNode(new Text(Visible.Text(line.Text))), line.Below);
        }
    }

    /// <summary>As wide as the content: a broken id cannot be copied. A terminal wraps by itself.</summary>
    private void Render(IRenderable content)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 100_000;
        console.Profile.Capabilities.Unicode = true;
        console.Write(content);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            output.WriteLine(line.TrimEnd());
        }
    }
}
