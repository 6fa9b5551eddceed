using System.Globalization;
using System.Text;

namespace Dbaas.Benchmarks.Reporting;

/// <summary>
/// Plots beside each other, of values that grow with a number: SVG. The number's axis is logarithmic, the values' begins at 0.
/// </summary>
/// <param name="number">What the number counts.</param>
internal sealed class Plot(string number)
{
    private const int Width = 300;
    private const int Height = 220;
    private const int Left = 56;
    private const int Right = 14;
    private const int Top = 34;
    private const int Bottom = 44;

    private readonly List<string> panels = [];

    /// <summary>Adds one.</summary>
    /// <param name="title">What is measured, with its unit.</param>
    /// <param name="points">The numbers, ascending, with their values.</param>
    /// <param name="limit">The most that is wanted.</param>
    public void Add(string title, IReadOnlyList<(int Number, double Value)> points, double limit)
    {
        var most = Math.Max(limit, points.Max(point => point.Value)) * 1.1;
        var (first, last) = (Math.Log10(points[0].Number), Math.Log10(points[^1].Number));
        double X(int value) => Left + ((Math.Log10(value) - first) / (last - first) * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / most * (Height - Top - Bottom));
        var panel = new StringBuilder();
        panel.Append(Invariant($"""<g transform="translate({panels.Count * Width} 0)">""")).AppendLine();
        panel.AppendLine(Text(Width / 2.0, 18, "middle", title));
        panel.AppendLine(Text((Left + Width - Right) / 2.0, Height - 8, "middle", number));
        panel.AppendLine(Line("#888", "", Left, Y(0), Width - Right, Y(0)));
        panel.AppendLine(Line("#888", "", Left, Y(0), Left, Top));
        panel.AppendLine(Line("#c33", " stroke-dasharray=\"5 4\"", Left, Y(limit), Width - Right, Y(limit)));
        panel.AppendLine(Text(Left - 6, Y(limit) + 4, "end", limit.ToString("#,0", CultureInfo.InvariantCulture)));
        panel.AppendLine(Text(Left - 6, Y(0) + 4, "end", "0"));
        var path = string.Join(' ', points.Select(point => Invariant($"{X(point.Number):0.0},{Y(point.Value):0.0}")));
        panel.Append("""<polyline fill="none" stroke="#269" stroke-width="2" points=""").Append('"').Append(path).AppendLine("\"/>");
        foreach (var (count, value) in points)
        {
            panel.AppendLine(Invariant($"""<circle cx="{X(count):0.0}" cy="{Y(value):0.0}" r="3" fill="#269"/>"""));
            panel.AppendLine(Text(X(count), Y(value) - 8, "middle", value.ToString("0", CultureInfo.InvariantCulture)));
            panel.AppendLine(Text(X(count), Height - 26, "middle", count.ToString("#,0", CultureInfo.InvariantCulture)));
        }

        panels.Add(panel.Append("</g>").ToString());
    }

    /// <summary>All that was added, as a file.</summary>
    public string Svg() => Invariant($"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{panels.Count * Width}" height="{Height}" font-family="sans-serif" font-size="11">
        <rect width="100%" height="100%" fill="#fff"/>
        {string.Join('\n', panels)}
        </svg>

        """);

    private static string Text(double x, double y, string anchor, string text) =>
        Invariant($"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}">{text}</text>""");

    private static string Line(string colour, string style, double x1, double y1, double x2, double y2) =>
        Invariant($"""<line stroke="{colour}"{style} x1="{x1:0.0}" y1="{y1:0.0}" x2="{x2:0.0}" y2="{y2:0.0}"/>""");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
