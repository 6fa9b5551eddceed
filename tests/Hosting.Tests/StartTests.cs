using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

/// <summary>Nodes and a database that do not fit together: a sentence, and no start.</summary>
public sealed class StartTests(ControlMariaDb database) : IClassFixture<ControlMariaDb>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbh");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_all_come_up_and_it_is_migrated_once()
    {
        var empty = await database.NewDatabaseAsync();
        await using var first = Start("one", empty);
        await using var second = Start("two", empty);
        await using var third = Start("three", empty);

        await Task.WhenAll(
            first.AwaitLogAsync("is the node one"), second.AwaitLogAsync("is the node two"), third.AwaitLogAsync("is the node three"));

        // One by one they would have failed at the first table that is there.
        Assert.Equal(
            "1\t1", await database.AskAsync(empty, "SELECT (SELECT COUNT(*) FROM control_plane), (SELECT COUNT(*) FROM datastores)"));
    }

    [Fact]
    public async Task A_node_with_another_master_key_is_refused_and_one_that_knows_a_former_one_is_not()
    {
        var shared = await database.NewDatabaseAsync();
        await using var first = Start("one", shared);
        await first.AwaitLogAsync("is the node one");
        await using var stranger = Start("two", shared, ("DBAAS_MasterKey", NodeSettings.OtherMasterKey));
        await using var rotated = Start("three", shared, ("DBAAS_MasterKey", $"{NodeSettings.OtherMasterKey} {NodeSettings.MasterKey}"));

        await IsRefusedAsync(stranger, "The master key of this node is not the one that the control database was encrypted with");
        await rotated.AwaitLogAsync("is the node three");
        Assert.DoesNotContain(NodeSettings.MasterKey, stranger.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(
            NodeSettings.MasterKey, await database.AskAsync(shared, "SELECT id, value FROM control_secrets"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "There is no master key: ")]
    [InlineData("short", "MasterKey in the configuration has a part that is no key: 32 bytes in base64.")]
    public async Task A_node_without_a_key_is_refused(string? key, string message)
    {
        var settings = NodeSettings.Api(Path.Combine(folder.FullName, "a"), "keyless", database.ConnectionString);
        settings["MasterKey"] = key ?? "";
        await using var node = RunningNode.Start(Repository.TroveApi, settings);

        await IsRefusedAsync(node, message);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        var newer = await database.NewDatabaseAsync();
        await database.AskAsync(newer, "CREATE TABLE schema_versions (number INT NOT NULL PRIMARY KEY, statements INT NOT NULL)");
        await database.AskAsync(newer, "INSERT INTO schema_versions VALUES (9999, 1)");
        await using var node = Start("one", newer);

        await IsRefusedAsync(node, "The control database has form 9999, of a newer version of this program, which knows the forms up to ");
        Assert.Equal("", await database.AskAsync(newer, "SHOW TABLES LIKE 'control_plane'"));
    }

    [Fact]
    public async Task A_state_folder_that_is_not_there_is_named_and_one_that_is_in_use_too()
    {
        var home = Path.Combine(folder.FullName, "one");
        var settings = NodeSettings.Api(home, "one", database.ConnectionString);
        await using var astray = RunningNode.Start(Repository.TroveApi, settings, ("DBAAS_Home", home + "/none"));
        await IsRefusedAsync(astray, $"There is no state folder {home}/none.");

        using var service = ServiceLock.TakeAlone(home);
        await using var second = RunningNode.Start(Repository.TroveApi, settings);
        await IsRefusedAsync(second, $"Another service is using the state folder {home}.");
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_it()
    {
        var wrong = database.Server.ConnectionString("control").Replace(database.Server.Password, "wr0ng", StringComparison.Ordinal);
        await using var node = RunningNode.Start(Repository.TroveApi, NodeSettings.Api(folder.FullName, "one", wrong));

        await IsRefusedAsync(
            node, $"The control database (127.0.0.1:{database.Server.Port}) cannot be used: Access denied for user 'dbaas'");
        Assert.DoesNotContain("wr0ng", node.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server=127.0.0.1;Port=1;User ID=a;Password=b", "The control database (127.0.0.1:1) cannot be used: ")]
    [InlineData("Server=127.0.0.1;Prot=1", "Database in the configuration has what is no connection string.")]
    public async Task A_database_that_cannot_be_reached_is_named(string connectionString, string message)
    {
        await using var node = RunningNode.Start(Repository.TroveApi, NodeSettings.Api(folder.FullName, "one", connectionString));

        await IsRefusedAsync(node, message);
    }

    [Theory]
    [InlineData(nameof(Repository.TroveApi), 1, "ahead of")]
    [InlineData(nameof(Repository.TaskManager), -1, "behind")]
    public async Task A_node_whose_clock_is_an_hour_from_the_databases_is_refused(string program, int hours, string way)
    {
        var settings = NodeSettings.Api(folder.FullName, "one", database.ConnectionString);
        await using var node = RunningNode.Start(PathOf(program), settings, FakeClock.Ahead(TimeSpan.FromHours(hours)));

        await IsRefusedAsync(
            node, $"The clock of this node is 60 minutes {way} the control database's. More than 5 minutes are too much");
    }

    [Theory]
    [InlineData(nameof(Repository.TroveApi))]
    [InlineData(nameof(Repository.TaskManager))]
    public async Task A_node_that_is_told_what_is_no_setting_is_refused(string program)
    {
        var settings = NodeSettings.Api(folder.FullName, "one", database.ConnectionString);
        settings["LeesSeconds"] = 60;
        await using var node = RunningNode.Start(PathOf(program), settings);

        await IsRefusedAsync(node, $"{folder.FullName}/Dbaas.{program}.one.json names what is no setting: 'LeesSeconds'.");
    }

    private static string PathOf(string program) => (string)typeof(Repository).GetProperty(program)!.GetValue(null)!;

    private RunningNode Start(string name, string on, params (string Name, string Value)[] environment) => RunningNode.Start(
        Repository.TroveApi,
        NodeSettings.Api(Path.Combine(folder.FullName, name), name, database.Server.ConnectionString(on)),
        environment);

    private static async Task IsRefusedAsync(RunningNode node, string message)
    {
        Assert.Equal(1, await node.AwaitEndAsync());
        var said = Assert.Single(node.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("dbaas: " + message, said, StringComparison.Ordinal);
    }
}
