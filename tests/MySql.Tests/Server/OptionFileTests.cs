using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.MySql.Tests.Server;

public sealed class OptionFileTests
{
    private static readonly MemberState Alone = new() { EpochMarked = true };
    private static readonly MemberState Master = new() { LogOn = true, Epoch = "e", EpochMarked = true };

    private static readonly MemberState Slave = Master with
    {
        Following = new Source
        {
            InstanceId = "m", Host = "10.0.0.1", Port = 3306, User = "repl_x", Password = "the secret", SlaveId = "s",
        },
    };

    [Fact]
    public void Alone_there_is_no_log()
    {
        foreach (var flavor in new Flavor[] { new MariaDbFlavor(), new MySqlFlavor() })
        {
            var text = Render(flavor, Alone);

            Assert.Contains("skip_log_bin = 1\n", text, StringComparison.Ordinal);
            Assert.Contains("read_only = 0\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("sync_binlog", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("log_bin = /volume/binlog/binlog")]
    [InlineData("log_slave_updates = 1")]
    [InlineData("gtid_strict_mode = 1")]
    [InlineData("sync_binlog = 1")]
    public void Members_of_a_set_have_the_same_settings(string line)
    {
        Assert.Contains(line + "\n", Render(new MariaDbFlavor(), Master), StringComparison.Ordinal);
        Assert.Contains(line + "\n", Render(new MariaDbFlavor(), Slave), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slave_and_an_unmarked_epoch_are_read_only_and_no_password_is_in_the_file()
    {
        Assert.Contains("\nread_only = 1\n", Render(new MariaDbFlavor(), Slave), StringComparison.Ordinal);
        Assert.Contains("\nread_only = 1\n", Render(new MariaDbFlavor(), Master with { EpochMarked = false }), StringComparison.Ordinal);
        Assert.Contains("\nsuper_read_only = 1\n", Render(new MySqlFlavor(), Slave), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Render(new MySqlFlavor(), Slave), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(16, 4)]
    public void MySql_reserves_no_more_of_the_hosts_requests_than_its_processors_can_use(int cpus, int threads)
    {
        var text = Render(new MySqlFlavor(), Alone, cpus: cpus);

        Assert.Contains($"innodb_read_io_threads = {threads}\n", text, StringComparison.Ordinal);
        Assert.Contains($"innodb_write_io_threads = {threads}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_parameters_win_over_suggestions_and_lose_against_the_service()
    {
        var text = Render(new MariaDbFlavor(), Master, new() { ["max_connections"] = "7", ["sync_binlog"] = "0" });

        Assert.True(Last(text, "max_connections = 7") > Last(text, "max_connections = 50"));
        Assert.True(Last(text, "sync_binlog = 1") > Last(text, "sync_binlog = 0"));
    }

    [Theory]
    [InlineData("name\nskip_grant_tables", "1")]
    [InlineData("name", "1\nskip_grant_tables")]
    [InlineData("name\n", "1")]
    [InlineData("[client]", "1")]
    public void A_parameter_cannot_bring_another_line(string name, string value)
    {
        var fault = Assert.Throws<DatastoreException>(() => Render(new MariaDbFlavor(), Alone, new() { [name] = value }));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
    }

    [Theory]
    [InlineData(null, 44)]
    [InlineData("200", 194)]
    [InlineData("3", 1)]
    [InlineData("many", 44)]
    public void One_account_leaves_room_for_the_services_connections(string? asked, int each)
    {
        var text = Render(new MariaDbFlavor(), Alone, asked is null ? [] : new() { ["max_connections"] = asked });

        Assert.Contains($"max_user_connections = {each}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_with_spaces_and_signs_are_quoted() =>
        Assert.Contains(
            "init_connect = \"SET x = '#1' \\\\ \\\"y\\\"\"\n",
            Render(new MariaDbFlavor(), Alone, new() { ["init_connect"] = "SET x = '#1' \\ \"y\"" }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(8192)]
    public void Caches_and_engine_and_agent_fit_the_memory(int memoryMb)
    {
        var engine = new MariaDbFlavor().EngineMb;
        var plan = MemoryPlan.For(memoryMb, engine);

        Assert.True(80 + engine + plan.BufferPoolMb + plan.KeyBufferMb < memoryMb * 0.9, plan.ToString());
        Assert.True(plan.BufferPoolMb <= 150 * memoryMb / 512, plan.ToString());
    }

    [Fact]
    public void Large_instances_have_the_reference_systems_sizes()
    {
        var plan = MemoryPlan.For(4096, 80);

        Assert.Equal((1200, 400, 128, 800), (plan.BufferPoolMb, plan.KeyBufferMb, plan.TemporaryTableMb, plan.MaxConnections));
    }

    private static int Last(string text, string line) => text.LastIndexOf(line + "\n", StringComparison.Ordinal);

    private static string Render(Flavor flavor, MemberState member, Dictionary<string, string>? configuration = null, int cpus = 1)
    {
        var launcher = new HostLauncher();
        var host = new DatastoreHost
        {
            InstanceId = "i", Address = "10.0.0.2", Port = 3306, VolumePath = "/volume", StatePath = "/state", RunPath = "/run",
            MemoryMb = 256, Cpus = 1, Processes = new DirectProcesses(launcher), Supervisor = new DirectSupervisor(launcher),
            PeerStreams = new DirectPeerStreams(new PeerStreamHub(), "i"), Time = TimeProvider.System, Tell = (_, _) => { },
            Log = _ => { },
        };
        var settings = new ServerSettings("10.11", 7, LogAlways: false, configuration ?? []);
        return OptionFile.Render(
            flavor,
            new ServerLayout(host),
            new OptionFile.Input(host.Address, host.UserAddresses, host.Port, host.MemoryMb, cpus, settings, member));
    }
}
