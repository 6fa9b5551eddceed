using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

/// <summary>Lines of code fit two windows beside each other. Texts that stand in the code as they are (raw strings) are no code.</summary>
public sealed class LineTests
{
    private const int Longest = 140;

    [Fact]
    public void Lines_of_code_have_at_most_140_columns()
    {
        var files = new[] { "src", "datastores", "tests", "benchmarks" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .ToList();

        var tooLong = files.SelectMany(file => TooLong(File.ReadAllLines(file))
            .Select(number => $"{Path.GetRelativePath(Repository.Root, file)}:{number}"));

        Assert.True(files.Count > 500, "The code was found.");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_long_line_is_found_beside_a_text_that_may_be_long()
    {
        var wide = new string('x', Longest + 1);

        Assert.Equal([1, 6], TooLong([wide, "var text = \"\"\"", wide, "    \"\"\";", $"var row = \"\"\"{wide}\"\"\";", wide, wide[1..]]));
    }

    private static IEnumerable<int> TooLong(string[] lines)
    {
        var isText = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var fences = lines[i].Split("\"\"\"").Length - 1;
            if (!isText && fences == 0 && lines[i].Length > Longest)
            {
                yield return i + 1;
            }

            isText ^= fences % 2 == 1;
        }
    }
}
