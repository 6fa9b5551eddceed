using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.TroveCli.Tests;

/// <summary>What README and docs tell people to type is something that the client knows.</summary>
public sealed partial class WrittenCommandTests
{
    private const int Fewest = 20;

    private static readonly Command Root = HelpTests.Tree;

    /// <summary>Of what users read; a decision says what was so when it was made.</summary>
    private static IEnumerable<string> Documents =>
        [Path.Combine(Repository.Root, "README.md"), .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")];

    [Fact]
    public void Each_line_of_a_block_is_understood()
    {
        var tried = 0;
        foreach (var (document, line) in Documents.SelectMany(BlockLines))
        {
            var commands = Comment().Replace(line, "").Split(';').Select(part => Start().Match(part)).Where(match => match.Success);
            foreach (var command in commands)
            {
                var words = CommandLineParser.SplitCommandLine(command.Groups[1].Value.Replace('\'', '"')).ToList();
                var errors = line.Contains('{', StringComparison.Ordinal) ? [] : Root.Parse(words).Errors;
                Assert.True(Knows(words[0]) && errors.Count == 0, $"{document}: {line}: {string.Join(' ', errors)}");
                tried++;
            }
        }

        Assert.InRange(tried, Fewest, int.MaxValue);
    }

    [Fact]
    public void Each_command_in_a_sentence_is_one()
    {
        var named = Documents.SelectMany(path => Named().Matches(File.ReadAllText(path))
            .Select(match => (Document: Path.GetFileName(path), Name: match.Groups[1].Value))).ToList();

        Assert.DoesNotContain(named, one => !Knows(one.Name));
        Assert.InRange(named.Count, Fewest, int.MaxValue);
    }

    private static bool Knows(string name) => name.EndsWith('-')
        ? Root.Subcommands.Any(command => command.Name.StartsWith(name, StringComparison.Ordinal))
        : Root.Subcommands.Any(command => command.Name == name || command.Aliases.Contains(name));

    private static IEnumerable<(string Document, string Line)> BlockLines(string path)
    {
        var isBlock = false;
        foreach (var line in File.ReadLines(path))
        {
            isBlock ^= line.StartsWith("```", StringComparison.Ordinal);
            if (isBlock)
            {
                yield return (Path.GetFileName(path), line);
            }
        }
    }

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*(?:\./dbaas )?trove (.+)$")]
    private static partial Regex Start();

    /// <summary>A star stands for all that begin so.</summary>
    [GeneratedRegex("`(?:\\./dbaas )?trove ([a-z][a-z_-]*)")]
    private static partial Regex Named();
}
