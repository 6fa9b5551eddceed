using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>Whether a set fails over by itself, as users say and see it.</summary>
public sealed class FailoverTests : OnReplicaSet
{
    private const string Automatic = """{"instance": {"failover": "automatic"}}""";
    private const string Manual = """{"instance": {"failover": "manual"}}""";

    [Fact]
    public async Task Any_member_is_asked_for_and_all_show_it()
    {
        Assert.Equal(["manual", "manual", "manual"], await ShownAsync());

        (await Api.PutAsync($"/instances/{Second}", Automatic)).Expect(202);
        Assert.Equal(["automatic", "automatic", "automatic"], await ShownAsync());

        (await Api.PutAsync($"/instances/{Master}", """{"instance": {"name": "new", "failover": "manual"}}""")).Expect(202);
        Assert.Equal(["manual", "manual", "manual"], await ShownAsync());
        Assert.Equal("new", (await Api.GetAsync($"/instances/{Master}")).Expect(200)["instance"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_new_slave_can_bring_it()
    {
        var alone = await Api.CreateReadyAsync();
        Assert.Null((await Api.GetAsync($"/instances/{alone}")).Expect(200)["instance"]!["failover"]);

        var reply = await Api.PostAsync(
            "/instances", $$$"""{"instance": {"name": "s", "slaveOf": "{{{alone}}}", "failover": "automatic"}}""");

        Assert.Equal("automatic", reply.Expect(200)["instance"]!["failover"]!.GetValue<string>());
        Assert.Equal("automatic", (await Api.GetAsync($"/instances/{alone}")).Expect(200)["instance"]!["failover"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_there_is_no_slave_nobody_could_take_over()
    {
        var alone = await Api.CreateReadyAsync();

        (await Api.PutAsync($"/instances/{alone}", Automatic)).ExpectFault(422, $"Instance {alone} has no replica");
        (await Api.PostAsync(
            "/instances",
            """{"instance": {"name": "m", "flavorRef": "1", "volume": {"size": 1}, "failover": "automatic"}}"""))
            .ExpectFault(400, "give 'failover' with its first replica");
    }

    [Theory]
    [InlineData("\"sometimes\"")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public async Task Other_words_are_refused(string word) =>
        (await Api.PutAsync($"/instances/{Master}", $$"""{"instance": {"failover": {{word}} } }""")).ExpectFault(400, "failover");

    [Fact]
    public async Task It_is_one_of_the_things_of_which_one_request_changes_one()
    {
        (await Api.PutAsync($"/instances/{Master}", """{"instance": {"failover": "manual", "deletion_protection": true}}"""))
            .ExpectFault(400, "Only one attribute");
        (await Api.PutAsync($"/instances/{Master}", Manual)).Expect(202);
    }

    private async Task<string[]> ShownAsync()
    {
        var all = new List<string>();
        foreach (var member in new[] { Master, First, Second })
        {
            all.Add((await Api.GetAsync($"/instances/{member}")).Expect(200)["instance"]!["failover"]!.GetValue<string>());
        }

        return [.. all];
    }
}
