namespace Dbaas.Architecture.Tests;

/// <summary>
/// A picture of what uses what, as text that a viewer of Markdown draws (Mermaid). What follows from two other lines is left out: if A uses
/// B and B uses C, that A uses C too is not drawn.
/// </summary>
internal static class Picture
{
    /// <param name="uses">What uses what.</param>
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

    // Each once: the ways there are many more, and in a ring (which another test finds) they have no end.
    private static HashSet<string> Reached(string node, IReadOnlyDictionary<string, IReadOnlySet<string>> uses)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([node]);
        while (open.TryPop(out var at))
        {
            foreach (var one in uses.GetValueOrDefault(at, new HashSet<string>()).Where(reached.Add))
            {
                open.Push(one);
            }
        }

        return reached;
    }

    // A small "end" would end the picture, and a name may have a slash.
    private static string Id(string node) => "_" + node.Replace('/', '_');
}
