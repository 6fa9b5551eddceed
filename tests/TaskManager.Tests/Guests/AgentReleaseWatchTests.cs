using Dbaas.Domain.Guests;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.TaskManager.Tests.Guests;

public sealed class AgentReleaseWatchTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Of_two_nodes_with_different_releases_the_later_counts_whoever_looks_and_a_node_without_one_changes_nothing()
    {
        using var world = await World.CreateAsync();
        var (older, newer) = (Node(world, "older"), Node(world, "newer"));
        Put("older", "1.0", new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await older.LookAsync(Cancel);
        Assert.Equal("1.0", await VersionAsync(world));

        Put("newer", "2.0", new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        foreach (var node in new[] { newer, older, Node(world, "older"), Node(world, "none"), newer })
        {
            await node.LookAsync(Cancel);
            Assert.Equal("2.0", await VersionAsync(world));
        }
    }

    [Fact]
    public async Task What_an_operator_puts_into_its_place_while_a_node_runs_counts_also_when_it_is_older()
    {
        using var world = await World.CreateAsync();
        var node = Node(world, "node");
        Put("node", "2.0", new DateTime(2029, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        await node.LookAsync(Cancel);

        Put("node", "1.0", new DateTime(2029, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await node.LookAsync(Cancel);

        Assert.Equal("1.0", await VersionAsync(world));
    }

    private AgentReleaseWatch Node(World world, string name) => new(
        new AgentReleaseFile(Path.Combine(folder.FullName, name)), world.Database);

    private void Put(string name, string version, DateTime at)
    {
        var program = Path.Combine(folder.FullName, name);
        File.WriteAllText(program, "a program");
        File.WriteAllText(program + AgentReleaseFile.Suffix, $$"""{"version": "{{version}}", "sha256": "{{new string('a', 64)}}"}""");
        File.SetLastWriteTimeUtc(program + AgentReleaseFile.Suffix, at);
    }

    private static async Task<string?> VersionAsync(World world) =>
        (await world.Database.ReadAsync(AgentReleaseRows.Find, Cancel))?.Version;
}
