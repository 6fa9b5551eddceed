namespace Dbaas.TroveCli.Tests;

public sealed class LogTests : TroveTest
{
    private const string Id = "c9832168-7541-4536-b8d9-a8a9b79cf1b4";
    private const string Address = $"/instances/{Id}/log";

    private const string Published = """
        {"name": "slow_query", "type": "USER", "status": "Published", "published": 512, "pending": 0, "container": "None"}
        """;

    public LogTests() => Cloud.Answers($"GET /instances/{Id}", $$$"""{"instance": {"id": "{{{Id}}}", "name": "m1"}}""")
        .Answers($"POST {Address}", $$"""{"log": {{Published}} }""");

    [Fact]
    public async Task Logs_are_listed()
    {
        Cloud.Answers($"GET {Address}", $$"""{"logs": [{{Published}}]}""");

        var (exit, output, _) = await TroveAsync("log-list", Id);

        Assert.Equal(0, exit);
        Assert.Contains("slow_query  USER  Published  512", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log-show", """{"name":"slow_query"}""")]
    [InlineData("log-enable", """{"name":"slow_query","enable":1}""")]
    [InlineData("log-disable", """{"name":"slow_query","disable":1}""")]
    [InlineData("log-discard", """{"name":"slow_query","discard":1}""")]
    [InlineData("log-publish", """{"name":"slow_query","publish":1}""")]
    [InlineData("log-publish --disable --discard", """{"name":"slow_query","publish":1,"disable":1,"discard":1}""")]
    public async Task A_command_about_a_log_asks_for_what_Troves_client_asks_for(string command, string body)
    {
        var words = command.Split(' ');

        var (exit, output, _) = await TroveAsync([words[0], Id, "slow_query", .. words[1..]]);

        Assert.Equal(0, exit);
        Assert.Equal(body, Cloud.Sent($"POST {Address}").ToJsonString());
        Assert.Contains("Published", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_log_is_shown_and_cannot_command_a_terminal()
    {
        Cloud.Answers($"GET {Address}/general?lines=50", "a\tb\nSELECT '\u001b[2J'\n")
            .Answers($"GET {Address}/general?lines=2", "two\nlines\n")
            .Answers($"GET {Address}/general", "all\n");

        var (_, output, _) = await TroveAsync("log-tail", Id, "general");
        Assert.StartsWith("a\tb\nSELECT '", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal("two\nlines\n", (await TroveAsync("log-tail", Id, "general", "--lines", "2")).Output);
        Assert.Equal("all\n", (await TroveAsync("log-tail", Id, "general", "--lines", "0")).Output);
        Assert.Equal(2, (await TroveAsync("log-tail", Id, "general", "--json")).Exit);
    }

    [Fact]
    public async Task A_log_is_saved_as_it_is_and_one_that_is_not_published_leaves_no_file()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Cloud.Answers($"GET {Address}/general", "all of it\u001b\n");

        var (exit, output, _) = await TroveAsync("log-save", Id, "general", "--file", file);
        Assert.Equal(0, exit);
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Equal("all of it\u001b\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        File.Delete(file);

        var missing = await TroveAsync("log-save", Id, "error", "--file", file);
        Assert.NotEqual(0, missing.Exit);
        Assert.False(File.Exists(file));
    }
}
