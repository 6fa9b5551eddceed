using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Events that users make: where they run.</summary>
public abstract class EventTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const string Kept =
        "SELECT CRC32(CONCAT(EVENT_NAME, DEFINER, TIME_ZONE, SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION)) % 1000000 "
        + "FROM information_schema.EVENTS ORDER BY EVENT_NAME";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task They_run_on_the_master_only_and_are_off_on_a_slave_that_leaves_it_and_on_in_what_is_restored_from_a_slave()
    {
        var (master, slave) = (await NewAsync(forSlave: false), await NewAsync(forSlave: true));
        await master.Server.StartAsync(None);
        await master.Accounts.EnsureAsync([new DatabaseSpec(DatastoreFixture.Database)], [DatastoreFixture.App], None);
        await ExecuteAsync(
            master,
            "CREATE TABLE ticks (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(20) CHARACTER SET utf8mb4)",
            "CREATE EVENT copied ON SCHEDULE EVERY 1 SECOND DO INSERT INTO ticks (s) VALUES ('copied')",
            "CREATE EVENT off ON SCHEDULE EVERY 1 SECOND DISABLE DO INSERT INTO ticks (s) VALUES ('off')");
        await fixture.AttachAsync(master, slave);
        await ExecuteAsync(
            master,
            "SET character_set_client = latin1, collation_connection = latin1_german1_ci, sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'",
            "CREATE EVENT \"lo``gged\" ON SCHEDULE EVERY 1 SECOND DO INSERT INTO \"ticks\" (s) VALUES ('logged')",
            "CREATE EVENT later ON SCHEDULE EVERY 1 DAY DO INSERT INTO \"ticks\" (s) VALUES ('later')");
        await TicksAsync(master, "copied", 3);
        await TicksAsync(master, "logged", 3);
        await TicksAsync(slave, "logged", 3);
        Assert.Equal([1], await ReadAsync(slave, "SELECT @@GLOBAL.event_scheduler = 'OFF'"));
        await slave.Server.RestartAsync(() => { }, None);
        Assert.Equal([1], await ReadAsync(slave, "SELECT @@GLOBAL.event_scheduler = 'OFF'"));
        await TicksAsync(slave, "logged", 5);

        var backup = await slave.TakeAsync();
        var ofTheSlave = await CountAsync(slave, "logged");
        await slave.Replication.DetachReplicationSlaveAsync(DetachReason.Requested, None);
        var here = await CountAsync(slave, "copied");
        await TicksAsync(master, "copied", await CountAsync(master, "copied") + 3);
        Assert.Equal([4], await ReadAsync(slave, "SELECT COUNT(*) FROM information_schema.EVENTS WHERE STATUS = 'DISABLED'"));
        Assert.Equal(await ReadAsync(master, Kept), await ReadAsync(slave, Kept));
        Assert.Equal(here, await CountAsync(slave, "copied"));
        await slave.Server.RestartAsync(() => { }, None);
        await ExecuteAsync(slave, "ALTER EVENT `lo````gged` ENABLE");
        await TicksAsync(slave, "logged", await CountAsync(slave, "logged") + 2);
        Assert.Equal(here, await CountAsync(slave, "copied"));

        var restored = fixture.NewInstance();
        await restored.Server.InitializeAsync(
            Settings(forSlave: false) with { BinaryLog = BinaryLogMode.Always, DataOrigin = DataOrigin.Restored }, None);
        await restored.Datastore.Backups!.RestoreAsync(BackupTools.Stored(backup), None);
        await restored.Server.StartAsync(None);
        await TicksAsync(restored, "logged", ofTheSlave + 2);
        Assert.Equal(0, await CountAsync(restored, "off"));
    }

    [Fact]
    public async Task They_run_on_the_one_master_after_each_change_of_it_as_they_did_before()
    {
        string[] all = ["copied", "off", "logged", "logged_off", "later"];
        var (one, two) = (await NewAsync(forSlave: false), await NewAsync(forSlave: true));
        await one.Server.StartAsync(None);
        await one.Accounts.EnsureAsync([new DatabaseSpec(DatastoreFixture.Database)], [DatastoreFixture.App], None);
        await ExecuteAsync(
            one,
            "CREATE TABLE ticks (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(20) CHARACTER SET utf8mb4)",
            Event("copied"), Event("off", "DISABLE"));
        await fixture.AttachAsync(one, two);
        await ExecuteAsync(
            one, Event("logged"), Event("logged_off", "DISABLE"), "ALTER EVENT off ENABLE", "ALTER EVENT copied DISABLE");

        await ChangeAsync(one, two);
        await RunAsync(two, one, "logged", "off");
        await ExecuteAsync(two, "ALTER EVENT logged DISABLE", "ALTER EVENT copied ENABLE", Event("later"));
        await ChangeAsync(two, one);
        await RunAsync(one, two, "copied", "later", "off");

        await one.Replication.StopWritesAsync(TimeSpan.Zero, None);
        Assert.Equal([1], await ReadAsync(one, "SELECT @@GLOBAL.event_scheduler = 'OFF'"));
        await one.Replication.SetWritableAsync(true, None);
        await RunAsync(one, two, "copied", "later", "off");

        async Task ChangeAsync(TestInstance from, TestInstance to)
        {
            await ChangesOfMaster.TakeOverAsync(from, to);
            await ChangesOfMaster.FollowAsync(from, to);
        }

        async Task RunAsync(TestInstance master, TestInstance slave, params string[] on)
        {
            Assert.Equal(
                [on.Length], await ReadAsync(master, "SELECT COUNT(*) FROM information_schema.EVENTS WHERE STATUS = 'ENABLED'"));
            Assert.Equal([1], await ReadAsync(slave, "SELECT @@GLOBAL.event_scheduler = 'OFF'"));
            var before = new Dictionary<string, int>();
            foreach (var name in all)
            {
                before[name] = await CountAsync(master, name);
            }

            foreach (var name in on)
            {
                await TicksAsync(master, name, before[name] + 2);
                await TicksAsync(slave, name, before[name] + 2);
            }

            foreach (var name in all.Except(on))
            {
                Assert.Equal(before[name], await CountAsync(master, name));
            }
        }
    }

    private static string Event(string name, string state = "ENABLE") =>
        $"CREATE EVENT {name} ON SCHEDULE EVERY 1 SECOND {state} DO INSERT INTO ticks (s) VALUES ('{name}')";

    private PrepareServer Settings(bool forSlave) => fixture.Settings(forSlave) with
    {
        Configuration = new Dictionary<string, string> { ["event_scheduler"] = "ON" },
    };

    private async Task<TestInstance> NewAsync(bool forSlave)
    {
        var instance = fixture.NewInstance();
        await instance.Server.InitializeAsync(Settings(forSlave), None);
        return instance;
    }

    private async Task ExecuteAsync(TestInstance server, params string[] statements)
    {
        await using var client = await ConnectAsync(server);
        foreach (var statement in statements)
        {
            await client.ExecuteAsync(statement);
        }
    }

    private Task TicksAsync(TestInstance server, string word, int least) => Eventually.HoldsAsync(
        $"{server.Host.InstanceId} has {least} ticks of '{word}'", Soon, async () => await CountAsync(server, word) >= least);

    private async Task<int> CountAsync(TestInstance server, string word) =>
        Assert.Single(await ReadAsync(server, $"SELECT COUNT(*) FROM ticks WHERE s = '{word}'"));

    private async Task<IReadOnlyList<int>> ReadAsync(TestInstance server, string query)
    {
        await using var client = await ConnectAsync(server);
        return await client.ReadAsync(query);
    }

    private Task<ITestClient> ConnectAsync(TestInstance server) =>
        fixture.ConnectAsync(server, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
}

public sealed class MariaDbEventTests(MariaDbFixture fixture) : EventTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MySqlEventTests(MySqlFixture fixture) : EventTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;
