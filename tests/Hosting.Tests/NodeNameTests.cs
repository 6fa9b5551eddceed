using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

/// <summary>Programs of their own on one real database.</summary>
public sealed class NodeNameTests(ControlMariaDb database) : IClassFixture<ControlMariaDb>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbh");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_second_node_of_a_name_is_refused_while_the_first_is_alive()
    {
        await using var first = RunningNode.Start(Repository.TroveApi, Api("a", "one"));
        await first.AwaitLogAsync("is the node one");
        await using var elsewhere = RunningNode.Start(Repository.TroveApi, Api("b", "one"));
        await using var sameFolder = RunningNode.Start(Repository.TroveApi, Api("a", "one"));
        await using var other = RunningNode.Start(Repository.TroveApi, Api("a", "two"));

        Assert.Equal(1, await elsewhere.AwaitEndAsync());
        Assert.Contains("dbaas: Another trove-api of the name one is alive at http://127.0.0.1:", elsewhere.Log, StringComparison.Ordinal);
        Assert.Equal(1, await sameFolder.AwaitEndAsync());
        Assert.Contains("dbaas: A trove-api of the name one runs already", sameFolder.Log, StringComparison.Ordinal);
        await other.AwaitLogAsync("is the node two");
    }

    [Fact]
    public async Task A_node_that_was_killed_starts_again_at_once_and_one_that_ended_has_left()
    {
        await using (var first = RunningNode.Start(Repository.TroveApi, Api("a", "three")))
        {
            await first.AwaitLogAsync("is the node three");
            await first.KillAsync();
        }

        await using (var again = RunningNode.Start(Repository.TroveApi, Api("a", "three")))
        {
            await again.AwaitLogAsync("is the node three");
            again.Terminate();
            Assert.Equal(0, await again.AwaitEndAsync());
        }

        await using var elsewhere = RunningNode.Start(Repository.TroveApi, Api("b", "three"));
        await elsewhere.AwaitLogAsync("is the node three");
    }

    [Fact]
    public async Task A_node_without_a_database_that_others_share_and_one_whose_name_is_none_are_refused()
    {
        var alone = Api("a", "four");
        alone["Database"] = new JsonArray();
        await using var first = RunningNode.Start(Repository.TroveApi, alone);
        await using var second = RunningNode.Start(Repository.TroveApi, Api("b", "four"), ("DBAAS_NodeName", "../four"));

        Assert.Equal((1, 1), (await first.AwaitEndAsync(), await second.AwaitEndAsync()));
        Assert.Contains("dbaas: Database in the configuration names no MariaDB or MySQL", first.Log, StringComparison.Ordinal);
        Assert.Contains("dbaas: NodeName must have 1 to 100 letters", second.Log, StringComparison.Ordinal);
    }

    private JsonObject Api(string home, string name) =>
        NodeSettings.Api(Path.Combine(folder.FullName, home), name, database.ConnectionString);
}
