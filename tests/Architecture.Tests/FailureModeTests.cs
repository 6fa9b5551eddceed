using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

public sealed partial class FailureModeTests
{
    [Fact]
    public void Each_process_that_may_die_has_a_row_with_tests_and_they_are_there()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "failure-modes.md"));
        var section = text.Split("\n## ").Single(part => part.StartsWith("When a process dies", StringComparison.Ordinal));
        var rows = section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        var there = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.True(rows.Count > 10, "The table was not found.");
        Assert.All(rows, row => Assert.NotEmpty(Named(row.Split('|')[^2])));
        Assert.Empty(Named(text).Except(there));
    }

    private static IEnumerable<string> Named(string text) => Test().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex Test();
}
