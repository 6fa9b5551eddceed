using System.Text.RegularExpressions;

namespace Dbaas.Architecture.Tests;

/// <summary>
/// Which folders of a project use which: by using lines, by qualified names, and by the names of types in a folder above, which are seen
/// without either. A folder is a namespace.
/// </summary>
internal static partial class FolderUses
{
    /// <summary>Each of these is put together by the files in its own folder, as a project is by those in its root.</summary>
    public static readonly IReadOnlyList<string> Planes = ["Dbaas.Cloud.Local", "Dbaas.Cloud.Libvirt", "Dbaas.Cloud.OpenStack"];

    /// <summary>Of all folders but the root and the planes' own, in full names.</summary>
    public static Dictionary<string, IReadOnlySet<string>> In(string folder) =>
        Of(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    /// <summary>The same of the texts of files.</summary>
    public static Dictionary<string, IReadOnlySet<string>> Of(IEnumerable<string> texts)
    {
        var files = texts.Select(text => NotCode().Replace(text, " "))
            .Select(code => (Folder: Namespace().Match(code).Groups[1].Value, Code: code))
            .Where(file => file.Folder.Length > 0)
            .ToList();
        var root = files.MinBy(file => file.Folder.Length).Folder;
        files.RemoveAll(file => file.Folder == root || Planes.Contains(file.Folder));
        var types = files.GroupBy(file => file.Folder).ToDictionary(
            group => group.Key,
            group => group.SelectMany(file => Declared().Matches(file.Code).Select(match => match.Groups[1].Value)).ToHashSet());
        return files.GroupBy(file => file.Folder).ToDictionary(
            group => group.Key,
            group =>
                (IReadOnlySet<string>)group.SelectMany(file => UsedBy(file.Folder, file.Code, types))
                    .Where(used => used != group.Key)
                    .ToHashSet());
    }

    private static IEnumerable<string> UsedBy(string folder, string code, Dictionary<string, HashSet<string>> types)
    {
        // With an empty name at the end: what is written is the full name.
        var enclosing = Enclosing(folder).Append("").ToList();
        foreach (var name in Name().Matches(code).Select(match => match.Value))
        {
            if (types.ContainsKey(name))
            {
                yield return name;
            }

            // The nearest folder that has such a type, as the compiler looks for it: the longest written part that names one.
            for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
            {
                var full = enclosing.Select(one => one.Length == 0 ? name[..end] : $"{one}.{name[..end]}").FirstOrDefault(IsType);
                if (full is not null)
                {
                    yield return full[..full.LastIndexOf('.')];
                    break;
                }
            }
        }

        bool IsType(string full) =>
            full.LastIndexOf('.') is > 0 and var dot && types.TryGetValue(full[..dot], out var there) && there.Contains(full[(dot + 1)..]);
    }

    private static IEnumerable<string> Enclosing(string folder)
    {
        for (var end = folder.Length; end > 0; end = folder.LastIndexOf('.', end - 1))
        {
            yield return folder[..end];
        }
    }

    // Comments, and texts in quotes.
    [GeneratedRegex(@"//[^\n]*|""{3}.*?""{3}|@""[^""]*""|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(?:\w+ )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate [\w<>?,. ]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    // What stands behind a point is somebody's member; what a property is called, its own name.
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*(?! => | \{ get|\s*=[^=>])")]
    private static partial Regex Name();
}
