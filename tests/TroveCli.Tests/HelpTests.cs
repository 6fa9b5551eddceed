using System.CommandLine;
using System.CommandLine.Parsing;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Tests;

public sealed class HelpTests
{
    internal static readonly Command Tree = Application.Tree(new CommandContext(
        new TroveClient(() => throw new InvalidOperationException("Nobody logs in here.")),
        new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, ErrorIsLive: false, AskSecret: null),
        TimeProvider.System));

    public static TheoryData<string> Names => [.. Tree.Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_explains_itself_and_each_of_its_words(string name)
    {
        var command = Tree.Subcommands.Single(one => one.Name == name);
        var output = new StringWriter { NewLine = "\n" };

        var exit = Tree.Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = output });

        Assert.Equal(0, exit);
        Assert.Contains($"Example:\n  trove {name}", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
        Assert.All(
            command.Arguments.Concat<Symbol>(command.Options), part => Assert.False(string.IsNullOrEmpty(part.Description), part.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_is_a_command_that_is_understood(string name)
    {
        var examples = ((TroveCommand)Tree.Subcommands.Single(one => one.Name == name)).Example.Split('\n', StringSplitOptions.TrimEntries);

        foreach (var example in examples)
        {
            var words = CommandLineParser.SplitCommandLine(example.Replace("'", "\"", StringComparison.Ordinal)).ToList();
            Assert.Equal(["trove", name], words.Take(2));

            // A shell's quoting of JSON is not the parser's.
            if (!example.Contains('{', StringComparison.Ordinal))
            {
                Assert.Empty(Tree.Parse(words.Skip(1).ToArray()).Errors);
            }
        }
    }
}
