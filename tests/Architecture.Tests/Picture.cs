namespace Dbaas.Architecture.Tests;

/// <summary>
/// A picture of what uses what, as text that a viewer of Markdown draws (Mermaid). What follows from two other lines is left out: if A uses
/// B and B uses C, that A uses C too is not drawn.
/// </summary>
internal static class Picture
{
    /// <param name="uses">Has no ring.</param>
    public static string Of(IReadOnlyDictionary<string, IReadOnlySet<string>> uses)
    {
        var lines = new List<string> { "```mermaid", "flowchart TD" };
        var nodes = uses.Keys.Union(uses.Values.SelectMany(used => used)).Order(StringComparer.Ordinal).ToList();
        lines.AddRange(nodes.Select(node => $"    {Id(node)}[\"{node}\"]"));
        lines.AddRange(nodes.SelectMany(
            node => Nearest(node, uses).Order(StringComparer.Ordinal).Select(used => $"    {Id(node)} --> {Id(used)}")));
        lines.Add("```");
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Nearest(string node, IReadOnlyDictionary<string, IReadOnlySet<string>> uses)
    {
        var used = uses.GetValueOrDefault(node, new HashSet<string>());
        var further = used.SelectMany(one => Reached(one, uses)).ToHashSet();
        return used.Where(one => !further.Contains(one));
    }

    private static IEnumerable<string> Reached(string node, IReadOnlyDictionary<string, IReadOnlySet<string>> uses) =>
        uses.GetValueOrDefault(node, new HashSet<string>()).SelectMany(one => Reached(one, uses).Prepend(one));

    // A small "end" would end the picture, and a name may have a slash.
    private static string Id(string node) => "_" + node.Replace('/', '_');
}
