using System.Reflection;
using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

/// <summary>
/// The pictures in the documents are drawn from what the other tests here check. With DBAAS_DRAW=1 in the environment they are drawn
/// anew, else they are compared.
/// </summary>
public sealed class PictureTests
{
    private static readonly bool IsToDraw = Environment.GetEnvironmentVariable("DBAAS_DRAW") == "1";

    [Fact]
    public void The_picture_of_the_projects_is_true()
    {
        var projects = DependencyTests.Rules.Select(rule => rule.Data.Item1).Append("Dbaas.Standalone");
        var uses = projects.ToDictionary(
            project => Short(project),
            IReadOnlySet<string> (project) => Assembly.Load(project).GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(name => name.StartsWith("Dbaas.", StringComparison.Ordinal))
                .Select(name => Short(name))
                .ToHashSet());

        IsDrawn("docs/architecture.md", "projects", Picture.Of(uses));
    }

    [Theory]
    [MemberData(nameof(FolderTests.Projects), MemberType = typeof(FolderTests))]
    public void The_picture_of_a_projects_folders_is_true(string project)
    {
        var root = $"Dbaas.{project.Replace("src/", "").Replace("datastores/", "Datastores.")}.";
        var uses = FolderUses.In(Path.Combine(Repository.Root, project)).ToDictionary(
            pair => Short(pair.Key, root),
            IReadOnlySet<string> (pair) => pair.Value.Select(used => Short(used, root)).ToHashSet());

        // A project without folders needs no picture.
        if (uses.Count > 0)
        {
            IsDrawn("docs/folders.md", project, Picture.Of(uses));
        }
    }

    [Fact]
    public void What_follows_from_two_lines_is_not_drawn()
    {
        var uses = new Dictionary<string, IReadOnlySet<string>>
        {
            ["a"] = new HashSet<string> { "b/x", "c" },
            ["b/x"] = new HashSet<string> { "c" },
        };

        Assert.Equal(
            """
            ```mermaid
            flowchart TD
                _a["a"]
                _b_x["b/x"]
                _c["c"]
                _a --> _b_x
                _b_x --> _c
            ```
            """,
            Picture.Of(uses));
    }

    private static string Short(string name, string root = "Dbaas.") => name[root.Length..].Replace('.', '/');

    private static void IsDrawn(string document, string name, string picture)
    {
        var path = Path.Combine(Repository.Root, document);
        var text = File.ReadAllText(path);
        var (start, end) = ($"<!-- picture: {name} -->\n", $"\n<!-- end of picture: {name} -->");
        var from = text.IndexOf(start, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= 0 && to > from, $"{document} has no place for the picture of {name}: the lines\n{start}{end}");
        from += start.Length;
        if (IsToDraw)
        {
            File.WriteAllText(path, text[..from] + picture + text[to..]);
            return;
        }

        Assert.True(
            text[from..to] == picture,
            $"The picture of {name} in {document} is old: draw it by DBAAS_DRAW=1 ./dbaas test Architecture.Tests, and read what changed.");
    }
}
