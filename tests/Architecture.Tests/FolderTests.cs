using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

/// <summary>
/// Folders of a project use each other in one direction. A folder is a namespace; what it uses stands in the using lines of its files. The root of
/// a project puts its folders together and may use all of them.
/// </summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Projects =>
        [.. new[] { "src", "datastores" }.SelectMany(root => Directory.GetDirectories(Path.Combine(Repository.Root, root))).Order()
            .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_ring(string project)
    {
        var uses = UsesIn(Path.Combine(Repository.Root, project));

        var ring = Ring(uses);

        Assert.True(ring is null, $"Folders of {project} use each other in a ring: {string.Join(" → ", ring ?? [])}.");
    }

    [Fact]
    public void A_ring_is_found()
    {
        var uses = new Dictionary<string, IReadOnlySet<string>>
        {
            ["a"] = new HashSet<string> { "b", "d" }, ["b"] = new HashSet<string> { "c" }, ["c"] = new HashSet<string> { "a" }, ["d"] = new HashSet<string>(),
        };

        Assert.Equal(["a", "b", "c", "a"], Ring(uses));
        Assert.Null(Ring(uses.Where(pair => pair.Key != "c").ToDictionary()));
    }

    private static Dictionary<string, IReadOnlySet<string>> UsesIn(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Select(text => (Namespace: Namespace().Match(text).Groups[1].Value, Used: Using().Matches(text).Select(match => match.Groups[1].Value)))
            .Where(file => file.Namespace.Length > 0)
            .ToList();
        var root = files.MinBy(file => file.Namespace.Length).Namespace;
        var known = files.Select(file => file.Namespace).Where(name => name != root).ToHashSet();

        // A static using names a type in a folder.
        return files.Where(file => file.Namespace != root).GroupBy(file => file.Namespace).ToDictionary(
            group => group.Key,
            group => (IReadOnlySet<string>)group.SelectMany(file => file.Used)
                .Select(used => known.Contains(used) ? used : used[..Math.Max(0, used.LastIndexOf('.'))])
                .Where(used => known.Contains(used) && used != group.Key)
                .ToHashSet());
    }

    /// <returns>Null: there is none. The first comes again at its end.</returns>
    private static List<string>? Ring(IReadOnlyDictionary<string, IReadOnlySet<string>> uses)
    {
        var done = new HashSet<string>();
        var path = new List<string>();
        return uses.Keys.Order(StringComparer.Ordinal).Select(Walk).FirstOrDefault(ring => ring is not null);

        List<string>? Walk(string at)
        {
            if (path.IndexOf(at) is >= 0 and var start)
            {
                return [.. path[start..], at];
            }

            if (!done.Add(at))
            {
                return null;
            }

            path.Add(at);
            var ring = uses.GetValueOrDefault(at, new HashSet<string>()).Order(StringComparer.Ordinal).Select(Walk).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            return ring;
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
