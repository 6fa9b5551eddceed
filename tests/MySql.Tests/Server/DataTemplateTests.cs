using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Reports;
using Dbaas.MySql.Tests.Engines;

namespace Dbaas.MySql.Tests.Server;

public sealed class DataTemplateTests : IClassFixture<MariaDbFixture>, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly MariaDbFixture fixture;
    private readonly string root;
    private readonly string folder;

    public DataTemplateTests(MariaDbFixture fixture)
    {
        this.fixture = fixture;
        root = Directory.CreateTempSubdirectory("dbaas-templates-").FullName;
        folder = Path.Combine(root, "templates");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task The_second_instance_unpacks_what_was_made_for_the_first_and_runs_like_it()
    {
        var (first, _) = await PrepareAsync();
        var (second, datastore) = await PrepareAsync();

        Assert.Equal((1, 0), (Installations(first), Installations(second)));
        await datastore.Server.StartAsync(None);
        Assert.Equal(ServerState.Healthy, (await datastore.Server.GetStatusAsync(None)).State);
        await using var session = await new ServerConnections(new ServerLayout(second.Host).Socket).OpenAsync(None);
        Assert.Equal(50L << 20, await session.NumberAsync("SELECT @@innodb_log_file_size", None));
        Assert.Equal(
            ["localhost:mariadb.sys", $"localhost:{ServerConnections.Administrator}"],
            await session.TextsAsync("SELECT CONCAT(Host, ':', User) FROM mysql.global_priv ORDER BY User", None));
    }

    [Fact]
    public async Task It_is_the_agents_alone()
    {
        await PrepareAsync();

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(folder))));
    }

    [Fact]
    public async Task A_damaged_one_is_made_again_and_halves_of_others_go()
    {
        await PrepareAsync();
        var template = Assert.Single(Directory.GetFiles(folder));
        await using (var file = File.OpenWrite(template))
        {
            file.SetLength(file.Length / 2);
        }

        await File.WriteAllTextAsync(template + ".somebody", "half", None);
        var (again, datastore) = await PrepareAsync();
        var (next, _) = await PrepareAsync();

        Assert.Equal((1, 0), (Installations(again), Installations(next)));
        Assert.Equal([template], Directory.GetFiles(folder));
        await datastore.Server.StartAsync(None);
        Assert.Equal(ServerState.Healthy, (await datastore.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task Parameters_may_shape_the_files_so_such_an_instance_neither_uses_nor_leaves_one()
    {
        var parameters = new Dictionary<string, string> { ["innodb_page_size"] = "8k" };
        await PrepareAsync(parameters);
        Assert.False(Directory.Exists(folder));

        await PrepareAsync();
        var (own, _) = await PrepareAsync(parameters);
        Assert.Equal(1, Installations(own));
    }

    [Fact]
    public async Task Where_none_can_be_kept_the_instance_is_made_all_the_same()
    {
        await File.WriteAllTextAsync(folder, "not a folder", None);
        var (instance, _) = await PrepareAsync();
        Assert.True(new ServerLayout(instance.Host).HasData);
    }

    [Fact]
    public async Task An_instance_that_was_told_nothing_yet_is_unpacked_ahead_and_only_once()
    {
        await PrepareAsync();

        var (instance, datastore) = await PrepareAsync(isResumed: true);

        Assert.Equal((0, 1), (Installations(instance), Unpackings(instance)));
        await datastore.Server.StartAsync(None);
        Assert.Equal(ServerState.Healthy, (await datastore.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task What_was_unpacked_ahead_is_thrown_away_by_a_slave_and_by_whoever_has_parameters()
    {
        await PrepareAsync();

        var (slave, _) = await PrepareAsync(isResumed: true, forSlave: true);
        var layout = new ServerLayout(slave.Host);
        Assert.Equal((false, false), (layout.HasData, Directory.Exists(layout.NewData)));

        var (own, _) = await PrepareAsync(new Dictionary<string, string> { ["innodb_page_size"] = "8k" }, isResumed: true);
        Assert.Equal((true, 1), (new ServerLayout(own.Host).HasData, Installations(own)));
    }

    [Fact]
    public async Task What_could_not_be_unpacked_ahead_is_made_when_it_is_asked_for()
    {
        await PrepareAsync();
        var instance = fixture.NewInstance();
        var datastore = Create(instance);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await datastore.Server.ResumeAsync(stopped.Token);

        await datastore.Server.InitializeAsync(fixture.Settings(), None);

        Assert.True(new ServerLayout(instance.Host).HasData);
    }

    private static int Unpackings(TestInstance instance) =>
        instance.Processes.CommandLines.Count(
            line => line.StartsWith("tar", StringComparison.Ordinal) && line.Contains("--extract", StringComparison.Ordinal));

    private static int Installations(TestInstance instance) =>
        instance.Processes.CommandLines.Count(line => line.StartsWith("mariadb-install-db", StringComparison.Ordinal));

    private Datastore Create(TestInstance instance) => MySqlDatastores.CreateMariaDb(instance.Host with { TemplatesPath = folder });

    private async Task<(TestInstance Instance, Datastore Datastore)> PrepareAsync(
        Dictionary<string, string>? parameters = null, bool isResumed = false, bool forSlave = false)
    {
        var instance = fixture.NewInstance();
        var datastore = Create(instance);
        if (isResumed)
        {
            await datastore.Server.ResumeAsync(None);
        }

        await datastore.Server.InitializeAsync(fixture.Settings(forSlave) with { Configuration = parameters ?? [] }, None);
        return (instance, datastore);
    }
}
