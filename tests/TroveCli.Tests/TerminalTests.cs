using System.Text.RegularExpressions;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Tests;

/// <summary>What is printed where somebody looks at it.</summary>
public sealed partial class TerminalTests : TroveTest
{
    private const string Id = Documents.MasterId;

    [Theory]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(60)]
    public async Task A_table_fits_the_terminal_and_no_id_is_broken(int columns)
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master(), Documents.Slave()))
            .Answers($"GET /instances/{Id}/history", $$"""
                {"history": [{"time": "2014-06-13T14:33:27", "event": "agent-started", "outcome": "seen", "detail": "The agent of {{Id}} was started by its supervisor."}]}
                """);

        var list = await TroveAsync(new Setting(Columns: columns), "list");
        var history = await TroveAsync(new Setting(Columns: columns), "history", "m1");

        foreach (var text in (string[])[list.Output, history.Output])
        {
            Assert.Contains(Id, text, StringComparison.Ordinal);
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= columns, $"{line.Length} columns: {line}"));
        }
    }

    [Fact]
    public async Task A_table_that_cannot_be_made_to_fit_is_a_list_for_each_row()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        var result = await TroveAsync(new Setting(Columns: 60), "list");

        Assert.Equal(
            $"""
            Property           Value
            ID                 {Id}
            Name               m1
            Datastore          mysql
            Datastore Version  5.5
            Status             ACTIVE
            Flavor ID          7
            Size               2


            """,
            result.Output);
    }

    [Fact]
    public async Task A_terminal_that_is_narrower_than_an_id_breaks_it_itself()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        Assert.Contains(Id, (await TroveAsync(new Setting(Columns: 30), "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_terminal_that_may_have_colours_gets_them()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()));

        Assert.Contains(
            "\u001b[32mACTIVE\u001b[0m",
            (await TroveAsync(new Setting(Columns: 200, HasColours: true), "list")).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', (await TroveAsync(new Setting(HasColours: true), "list")).Output);
        Assert.DoesNotMatch(Colour(), (await TroveAsync(new Setting(Columns: 200), "list")).Output);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("1", false)]
    public void The_variable_NO_COLOR_is_obeyed(string? value, bool expected) =>
        Assert.Equal(expected, Terminal.OfThisProcess(name => name == "NO_COLOR" ? value : "xterm").HasColours);

    [GeneratedRegex("\u001b\\[(3|4|9|10)[0-9]")]
    private static partial Regex Colour();
}
