using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.EndToEnd.Tests;

/// <summary>docs/first-database.md, as somebody types it who reads it from its beginning to its end.</summary>
public sealed partial class FirstDatabaseTests(ServiceFixture fixture)
{
    private const int Blocks = 9;

    [Fact]
    public async Task Every_command_of_the_tutorial_does_what_the_page_says()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "first-database.md"), TestContext.Current.CancellationToken);
        var blocks = Block().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.InRange(blocks.Count, Blocks, int.MaxValue);
        var folder = Directory.CreateTempSubdirectory("dbf");
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "trove"), Repository.TroveCli);
            var said = await Shell.RunAsync(folder.FullName, $"""
                set -eu
                . '{fixture.Service.StatePath}/openrc'
                export PATH=$PWD:$PATH
                {string.Concat(blocks)}
                trove list
                """);

            foreach (var expected in new[] { "on the slave\napples", "is back\nAda", "seconds now\n60", "SLEEP(1.5)", "resize-volume" })
            {
                Assert.Contains(expected, said, StringComparison.Ordinal);
            }

            Assert.DoesNotMatch("(?m)^[0-9a-f-]{36} +(m1|s1|back) ", said[said.LastIndexOf("\nID ", StringComparison.Ordinal)..]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
