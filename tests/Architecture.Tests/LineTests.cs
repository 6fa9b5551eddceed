using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

/// <summary>Lines of code fit two windows beside each other. What a test reads or expects (in raw strings) stands as it is.</summary>
public sealed class LineTests
{
    private const int Longest = 140;

    [Fact]
    public void Lines_of_code_have_at_most_140_columns()
    {
        var files = new[] { "src", "datastores", "tests", "benchmarks" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .ToList();

        var tooLong = files.Select(file => Path.GetRelativePath(Repository.Root, file)).SelectMany(
            file => TooLong(
                    File.ReadAllLines(Path.Combine(Repository.Root, file)), file.StartsWith("tests/", StringComparison.Ordinal))
                .Select(number => $"{file}:{number}"));

        Assert.True(files.Count > 500, "The code was found.");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_long_line_is_found_beside_a_text_that_may_be_long()
    {
        var wide = new string('x', Longest + 1);

        string[] lines = [wide, "var text = \"\"\"", wide, "    \"\"\";", $"var row = \"\"\"{wide}\"\"\";", wide, wide[1..]];

        Assert.Equal([1, 6], TooLong(lines, textsMayBe: true));
        Assert.Equal([1, 3, 5, 6], TooLong(lines, textsMayBe: false));
    }

    private static IEnumerable<int> TooLong(string[] lines, bool textsMayBe)
    {
        var isText = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var fences = lines[i].Split("\"\"\"").Length - 1;
            if (lines[i].Length > Longest && !(textsMayBe && (isText || fences > 0)))
            {
                yield return i + 1;
            }

            isText ^= fences % 2 == 1;
        }
    }
}
