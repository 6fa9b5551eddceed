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
            Assert.True(await again.AwaitEndAsync() == 0, again.Log);
        }

        await using var elsewhere = RunningNode.Start(Repository.TroveApi, Api("b", "three"));
        await elsewhere.AwaitLogAsync("is the node three");
    }

    /// <summary>It crashed, now and then: its row comes before it listens.</summary>
    [Fact]
    public async Task A_node_that_is_told_to_stop_as_soon_as_it_has_its_row_ends_well_and_has_left()
    {
        for (var i = 0; i < 8; i++)
        {
            await using var node = RunningNode.Start(Repository.TroveApi, Api("a", "five"));
            await node.AwaitLogAsync("is the node five");
            node.Terminate();
            Assert.True(await node.AwaitEndAsync() == 0, node.Log);
            Assert.Equal("0", await database.AskAsync("control", "SELECT COUNT(*) FROM nodes WHERE name = 'five'"));
        }
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_while_its_start_waits_for_the_database_ends_well()
    {
        var name = await database.NewDatabaseAsync();
        JsonObject Settings() => NodeSettings.Api(Path.Combine(folder.FullName, "a"), "six", database.Server.ConnectionString(name));
        await using (var first = RunningNode.Start(Repository.TroveApi, Settings()))
        {
            await first.AwaitLogAsync("is the node six");
            first.Terminate();
            Assert.Equal(0, await first.AwaitEndAsync());
        }

        var held = database.AskAsync(name, "LOCK TABLES nodes WRITE; SELECT SLEEP(60)");
        await AwaitProcessAsync(name, "User sleep");
        await using var node = RunningNode.Start(Repository.TroveApi, Settings());
        await AwaitProcessAsync(name, "Waiting for table metadata lock");
        node.Terminate();

        Assert.True(await node.AwaitEndAsync() == 0, node.Log);
        Assert.False(held.IsCompleted);
        await database.AskAsync(name, "SELECT CONCAT('KILL QUERY ', id) INTO @kill FROM information_schema.processlist "
            + $"WHERE db = '{name}' AND state = 'User sleep'; EXECUTE IMMEDIATE @kill");
        await Assert.ThrowsAsync<SqlFailedException>(() => held);
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

    private Task AwaitProcessAsync(string name, string state) => Eventually.HoldsAsync(
        $"someone is at '{state}'",
        TimeSpan.FromSeconds(30),
        async () => await database.AskAsync(
            name, $"SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{name}' AND state = '{state}'") == "1");

    private JsonObject Api(string home, string name) =>
        NodeSettings.Api(Path.Combine(folder.FullName, home), name, database.ConnectionString);
}
