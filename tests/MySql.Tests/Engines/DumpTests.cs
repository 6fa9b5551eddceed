using System.Globalization;
using System.Text;
using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>A dump whose objects belong to an account that is not here, brought in as docs/using-databases.md says.</summary>
public abstract class DumpTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const string Password = "root's password";
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The engine's program, and what it is given beside what the other engine's is given too.</summary>
    protected abstract (string Program, IReadOnlyList<string> Options) Dump { get; }

    protected abstract string Client { get; }

    [Fact]
    public async Task It_comes_in_with_views_triggers_routines_and_events_by_the_documented_way_and_not_as_it_is()
    {
        var (source, target) = (await fixture.NewMasterAsync(), await fixture.NewMasterAsync());
        await MakeLegacyAsync(source);
        var dump = await DumpAsync(source);
        Assert.Contains("`legacy`@`localhost`", Encoding.UTF8.GetString(dump), StringComparison.Ordinal);
        var documented = await RunAsync(source, "sed", ["-E", @"/^(\/\*!|CREATE )/ s/DEFINER=`[^`]+`@`[^`]+`//g"], dump);
        await target.Accounts.CreateDatabasesAsync([new DatabaseSpec("asit"), new DatabaseSpec("byapp"), new DatabaseSpec("byroot")], None);
        await target.Accounts.GrantAccessAsync(new GrantAccess(DatastoreFixture.App.Name, "%", ["asit", "byapp"]), None);
        await target.Accounts.EnableRootAsync(Password, None);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => LoadAsync(target, DatastoreFixture.App.Name, DatastoreFixture.App.Password, "asit", dump));
        Assert.Contains("1227", refused.Message, StringComparison.Ordinal);
        await LoadAsync(target, DatastoreFixture.App.Name, DatastoreFixture.App.Password, "byapp", documented);
        await LoadAsync(target, "root", Password, "byroot", documented);

        foreach (var (user, password, database) in new[]
        {
            (DatastoreFixture.App.Name, DatastoreFixture.App.Password, "byapp"), ("root", Password, "byroot"),
        })
        {
            await using var client = await fixture.ConnectAsync(target, user, password, database);
            await client.ExecuteAsync("CALL legacy_p()");
            Assert.Equal([2, 6], await client.ReadAsync("SELECT n FROM legacy_v ORDER BY n"));
            Assert.Equal([1], await client.ReadAsync("SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()"));
            Assert.Equal([1], await client.ReadAsync("SELECT COUNT(*) FROM legacy WHERE s = 'DEFINER=`legacy`@`localhost`'"));
            Assert.Equal([42], await client.ReadAsync("SELECT legacy_f()"));
        }
    }

    private static async Task MakeLegacyAsync(TestInstance source)
    {
        await using var session = await new ServerConnections(new ServerLayout(source.Host).Socket).OpenAsync(None);
        foreach (var statement in new[]
        {
            "CREATE USER 'legacy'@'localhost' IDENTIFIED BY 'unknown here'",
            "GRANT ALL ON shop.* TO 'legacy'@'localhost'",
            "USE shop",
            "CREATE TABLE legacy (n INT PRIMARY KEY, s TEXT)",
            "INSERT INTO legacy VALUES (2, 'DEFINER=`legacy`@`localhost`')",
            "CREATE DEFINER = 'legacy'@'localhost' VIEW legacy_v AS SELECT n FROM legacy",
            "CREATE DEFINER = 'legacy'@'localhost' TRIGGER legacy_t BEFORE INSERT ON legacy FOR EACH ROW SET NEW.n = NEW.n + 1",
            "CREATE DEFINER = 'legacy'@'localhost' PROCEDURE legacy_p() INSERT INTO legacy VALUES (5, 'x')",
            "CREATE DEFINER = 'legacy'@'localhost' FUNCTION legacy_f() RETURNS INT DETERMINISTIC RETURN 42",
            "CREATE DEFINER = 'legacy'@'localhost' EVENT legacy_e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM legacy WHERE n < 0",
        })
        {
            await session.ExecuteAsync(statement, None);
        }
    }

    private Task<byte[]> DumpAsync(TestInstance source) => RunAsync(
        source,
        Dump.Program,
        [
            $"--socket={new ServerLayout(source.Host).Socket}", $"--user={ServerConnections.Administrator}",
            "--single-transaction", "--routines", "--triggers", "--events", .. Dump.Options, "shop",
        ],
        input: null);

    private Task<byte[]> LoadAsync(TestInstance target, string user, string password, string database, byte[] dump) => RunAsync(
        target,
        Client,
        [
            $"--host={target.Host.Address}", $"--port={target.Host.Port.ToString(CultureInfo.InvariantCulture)}", $"--user={user}",
            $"--password={password}", database,
        ],
        dump);

    private static async Task<byte[]> RunAsync(TestInstance instance, string program, IReadOnlyList<string> arguments, byte[]? input)
    {
        using var output = new MemoryStream();
        var result = await instance.Host.Processes.RunAsync(
            new ProcessSpec(program, arguments),
            input is null ? null : (stream, token) => stream.WriteAsync(input, token).AsTask(),
            (stream, token) => stream.CopyToAsync(output, token),
            None);
        return result.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"{program} ended with {result.ExitCode}: {result.ErrorTail}");
    }
}

public sealed class MariaDbDumpTests(MariaDbFixture fixture) : DumpTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>
{
    protected override (string Program, IReadOnlyList<string> Options) Dump => ("mariadb-dump", []);

    protected override string Client => "mariadb";
}

public sealed class MySqlDumpTests(MySqlFixture fixture) : DumpTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>
{
    protected override (string Program, IReadOnlyList<string> Options) Dump =>
        ("mysqldump", ["--set-gtid-purged=OFF", "--no-tablespaces"]);

    protected override string Client => "mysql";
}
