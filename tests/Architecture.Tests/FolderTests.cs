using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

/// <summary>
/// Folders of a project use each other in one direction. The root of a project, or of a plane, puts its folders together and may use all
/// of them.
/// </summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects =>
        [.. new[] { "src", "datastores" }.SelectMany(root => Directory.GetDirectories(Path.Combine(Repository.Root, root))).Order()
            .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_ring(string project)
    {
        var uses = FolderUses.In(Path.Combine(Repository.Root, project));

        var ring = Ring(uses);

        Assert.True(ring is null, $"Folders of {project} use each other in a ring: {string.Join(" → ", ring ?? [])}.");
    }

    /// <summary>What several planes need lies beside them.</summary>
    [Fact]
    public void No_plane_uses_another()
    {
        var uses = FolderUses.In(Path.Combine(Repository.Root, "src/Cloud"));

        Assert.Equal(FolderUses.Planes.Order(), uses.Keys.Select(PlaneOf).OfType<string>().Distinct().Order());
        Assert.Empty(
            from pair in uses
            from used in pair.Value
            where PlaneOf(pair.Key) is { } plane && PlaneOf(used) is { } other && other != plane
            select $"{pair.Key} → {used}");

        static string? PlaneOf(string folder) =>
            FolderUses.Planes.FirstOrDefault(plane => folder.StartsWith(plane + ".", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ring_is_found()
    {
        var uses = new Dictionary<string, IReadOnlySet<string>>
        {
            ["a"] = new HashSet<string> { "b", "d" },
            ["b"] = new HashSet<string> { "c" },
            ["c"] = new HashSet<string> { "a" },
            ["d"] = new HashSet<string>(),
        };

        Assert.Equal(["a", "b", "c", "a"], Ring(uses));
        Assert.Null(Ring(uses.Where(pair => pair.Key != "c").ToDictionary()));
    }

    [Theory]
    [InlineData("namespace A.One;\nusing A.Two;\npublic class X;", "A.Two")]
    [InlineData("namespace A.One;\nusing static A.Two.Second;\npublic class X;", "A.Two")]
    [InlineData("namespace A.One;\nusing S = A.Two.Second;\npublic class X;", "A.Two")]
    [InlineData("namespace A.One;\npublic class X(A.Two.Second y);", "A.Two")]
    [InlineData("namespace A.One;\npublic class X(Two.Second y);", "A.Two")]
    [InlineData("namespace A.Two.Deep;\npublic class X(Second y);", "A.Two")]
    [InlineData("namespace A.Two.Deep;\npublic class X { int Second => Of.Second + other.Second(); } // Second\n", null)]
    [InlineData("namespace A.One;\npublic class X(string y = \"Two.Second\");", null)]
    public void A_use_is_found_however_it_is_written(string file, string? expected)
    {
        var uses = FolderUses.Of(["namespace A;\npublic class Top;", "namespace A.Two;\npublic record Second(int Y);", file]);

        Assert.Equal(expected is null ? [] : [expected], uses.Where(pair => pair.Key != "A.Two").SelectMany(pair => pair.Value));
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
            var ring = uses.GetValueOrDefault(at, new HashSet<string>())
                .Order(StringComparer.Ordinal)
                .Select(Walk)
                .FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            return ring;
        }
    }
}
