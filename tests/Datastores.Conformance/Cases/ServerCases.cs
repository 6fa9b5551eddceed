using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>A server on its own.</summary>
public abstract class ServerCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Says_what_it_is_from_unprepared_to_stopped()
    {
        var instance = fixture.NewInstance();
        Assert.Equal(ServerState.Unprepared, (await instance.Server.GetStatusAsync(None)).State);

        await instance.Server.InitializeAsync(fixture.Settings(), None);
        Assert.Equal(ServerState.Stopped, (await instance.Server.GetStatusAsync(None)).State);

        await instance.Server.StartAsync(None);
        var running = await instance.Server.GetStatusAsync(None);
        Assert.Equal(ServerState.Healthy, running.State);
        Assert.False(string.IsNullOrEmpty(running.Version));
        TestContext.Current.TestOutputHelper?.WriteLine($"{instance.Datastore.Name} {running.Version}");
        Assert.InRange(running.Figures!.Connections, 1, 100);
        Assert.InRange(running.Figures.Queries, 1, long.MaxValue);

        await instance.Server.StopAsync(None);
        await instance.Server.StopAsync(None);
        Assert.Equal(ServerState.Stopped, (await instance.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task Says_by_which_certificate_its_clients_know_it_once_there_is_a_server_and_keeps_it()
    {
        var instance = fixture.NewInstance();
        Assert.Null((await instance.Server.GetStatusAsync(None)).Certificate);
        await instance.Server.InitializeAsync(fixture.Settings(), None);
        await instance.Server.StartAsync(None);

        var told = (await instance.Server.GetStatusAsync(None)).Certificate;

        using var certificate = X509Certificate2.CreateFromPem(told);
        Assert.True(certificate.MatchesHostname(instance.Host.Address), certificate.Subject);
        await instance.Server.StopAsync(None);
        Assert.Equal(told, (await instance.Server.GetStatusAsync(None)).Certificate);
    }

    [Fact]
    public async Task Listens_on_its_own_address_and_its_users_and_on_no_other()
    {
        var instance = fixture.NewInstance("127.0.0.2", "127.0.0.3");
        await instance.Server.InitializeAsync(fixture.Settings(), None);
        await instance.Server.StartAsync(None);

        string[] tried = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
        var reached = new List<string>();
        foreach (var address in tried)
        {
            if (await ListensAsync(address, instance.Host.Port))
            {
                reached.Add(address);
            }
        }

        Assert.Equal(tried[..3], reached);
    }

    [Fact]
    public async Task A_half_made_data_directory_is_made_anew()
    {
        var instance = fixture.NewInstance();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => instance.Server.InitializeAsync(fixture.Settings(), soon.Token));

        await instance.Server.InitializeAsync(fixture.Settings(), None);
        await instance.Server.StartAsync(None);

        Assert.Equal(ServerState.Healthy, (await instance.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task Preparing_and_starting_again_touches_nothing()
    {
        var instance = await fixture.NewMasterAsync();
        await fixture.InsertAsync(instance, 1);
        var process = instance.Supervisor.ProcessId;

        await instance.Server.InitializeAsync(fixture.Settings(), None);
        await instance.Server.StartAsync(None);

        Assert.Equal(process, instance.Supervisor.ProcessId);
        Assert.Equal([1], await fixture.ReadAsync(instance));
    }

    [Fact]
    public async Task Rows_survive_a_restart_and_a_kill()
    {
        var instance = await fixture.NewMasterAsync();
        await fixture.InsertAsync(instance, 1);
        await instance.Server.StopAsync(None);
        await instance.Server.StartAsync(None);
        await fixture.InsertAsync(instance, 2);

        instance.Supervisor.Kill();
        await Eventually.SeeAsync(
            "the server answers again", TimeSpan.FromSeconds(60), () => fixture.ReadAsync(instance), rows => rows.SequenceEqual([1, 2]));
    }

    [Fact]
    public async Task A_restart_says_when_the_server_is_down_and_ends_when_it_answers()
    {
        var instance = await fixture.NewMasterAsync();
        await fixture.InsertAsync(instance, 1);
        var process = instance.Supervisor.ProcessId;
        List<ServerState> whenDown = [];

        await instance.Server.RestartAsync(() => whenDown.Add(instance.Server.GetStatusAsync(None).GetAwaiter().GetResult().State), None);

        Assert.Equal([ServerState.Stopped], whenDown);
        Assert.NotEqual(process, instance.Supervisor.ProcessId);
        Assert.Equal([1], await fixture.ReadAsync(instance));
    }

    /// <summary>It is not slow: waiting does not help, and only the engine knows why.</summary>
    [Fact]
    public async Task A_server_that_cannot_start_is_a_fault_with_the_engines_reason()
    {
        var instance = await fixture.NewMasterAsync();
        await instance.Server.StopAsync(None);
        var (parameter, value, words) = fixture.CannotStartWith;
        await instance.Server.InitializeAsync(
            fixture.Settings() with { Configuration = new Dictionary<string, string> { [parameter] = value } }, None);

        var fault = await Faults.IsAsync(FaultKind.Permanent, () => instance.Server.StartAsync(None));

        Assert.Contains(words, fault.Message, StringComparison.OrdinalIgnoreCase);
        await instance.Server.StopAsync(None);

        // Then for a reason that is in no log: the last one that is there is of another start.
        (parameter, value, var others) = fixture.CannotBeginWith;
        await instance.Server.InitializeAsync(
            fixture.Settings() with { Configuration = new Dictionary<string, string> { [parameter] = value } }, None);

        fault = await Faults.IsAsync(FaultKind.Permanent, () => instance.Server.StartAsync(None));

        Assert.Contains(others, fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(words, fault.Message, StringComparison.OrdinalIgnoreCase);
        await instance.Server.StopAsync(None);
    }

    [Fact]
    public async Task Data_that_cannot_be_made_is_a_fault_with_the_engines_reason()
    {
        var instance = fixture.NewInstance();
        var (parameter, value, words) = fixture.CannotBeginWith;

        var fault = await Faults.IsAsync(FaultKind.Permanent, () => instance.Server.InitializeAsync(
            fixture.Settings() with { Configuration = new Dictionary<string, string> { [parameter] = value } }, None));

        Assert.Contains(words, fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>It would be taken for a new server: writable, without a log, following nobody.</summary>
    [Fact]
    public async Task Data_without_records_or_with_damaged_ones_is_a_fault_and_is_left_as_it_is()
    {
        var instance = await fixture.NewMasterAsync();
        await fixture.InsertAsync(instance, 1);
        await instance.Server.StopAsync(None);
        var starts = instance.Supervisor.Starts;
        foreach (var record in fixture.RecordsOf(instance))
        {
            var whole = await File.ReadAllBytesAsync(record, None);
            await SeesItAsync(() => File.Delete(record));
            await SeesItAsync(() => File.WriteAllText(record, "{\"half\": "));
            await SeesItAsync(() => File.WriteAllText(record, ""));
            await File.WriteAllBytesAsync(record, whole, None);
        }

        await instance.RestartAgentAsync();
        await instance.Server.StartAsync(None);
        Assert.Equal([1], await fixture.ReadAsync(instance));

        async Task SeesItAsync(Action damage)
        {
            damage();
            await instance.RestartAgentAsync();
            await instance.Server.ResumeAsync(None);
            var status = await instance.Server.GetStatusAsync(None);
            Assert.Equal(ServerState.Unknown, status.State);
            Assert.Contains("record", status.Detail, StringComparison.Ordinal);
            await Faults.IsAsync(FaultKind.Permanent, () => instance.Server.StartAsync(None));
            Assert.Equal(starts, instance.Supervisor.Starts);
        }
    }

    [Fact]
    public async Task Clients_that_take_all_connections_do_not_lock_the_agent_out()
    {
        var instance = await fixture.NewMasterAsync(configuration: fixture.FewConnections);
        Assert.Equal(ServerState.Healthy, (await instance.Server.GetStatusAsync(None)).State);
        var clients = await TakeAllConnectionsAsync(instance);

        for (var i = 0; i < 3; i++)
        {
            await WorksAsync($"before{i}");
        }

        // Its connections are gone with it, and clients take them before the next one is there.
        await instance.RestartAgentAsync();
        clients.AddRange(await TakeAllConnectionsAsync(instance));
        await instance.Server.ResumeAsync(None);
        await WorksAsync("after");

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        async Task WorksAsync(string name)
        {
            var status = await instance.Server.GetStatusAsync(None);
            Assert.True(status.State is ServerState.Healthy, $"{status.State}: {status.Detail}");
            await instance.Accounts.CreateDatabasesAsync([new DatabaseSpec(name)], None);
            Assert.Contains(name, (await instance.Accounts.ListDatabasesAsync(new ListDatabases(100, null), None)).Databases);
        }
    }

    private async Task<List<ITestClient>> TakeAllConnectionsAsync(TestInstance instance)
    {
        var clients = new List<ITestClient>();
        while (true)
        {
            try
            {
                clients.Add(await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return clients;
            }
        }
    }

    [Fact]
    public async Task A_restart_that_fails_while_the_server_is_down_leaves_it_running()
    {
        var instance = await fixture.NewMasterAsync();

        await Assert.ThrowsAsync<IOException>(() => instance.Server.RestartAsync(() => throw new IOException("the journal's disk"), None));

        await Eventually.HoldsAsync(
            "the server answers again", TimeSpan.FromSeconds(60),
            async () => (await instance.Server.GetStatusAsync(None)).State == ServerState.Healthy);
    }

    [Fact]
    public async Task A_new_agent_takes_over_a_running_server()
    {
        var instance = await fixture.NewMasterAsync();
        var process = instance.Supervisor.ProcessId;

        await instance.RestartAgentAsync();
        await instance.Server.ResumeAsync(None);

        Assert.Equal(process, instance.Supervisor.ProcessId);
        Assert.Equal(ServerState.Healthy, (await instance.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task Resuming_before_preparing_does_nothing()
    {
        var instance = fixture.NewInstance();

        await instance.Server.ResumeAsync(None);

        Assert.Equal(ServerState.Unprepared, (await instance.Server.GetStatusAsync(None)).State);
    }

    [Fact]
    public async Task A_server_without_data_cannot_be_started()
    {
        var slave = await fixture.NewSlaveAsync();

        await Faults.IsAsync(FaultKind.Precondition, () => slave.Server.StartAsync(None));
    }

    [Fact]
    public async Task Without_replication_there_is_no_log()
    {
        var facts = await fixture.LookAsync(await fixture.NewMasterAsync());

        Assert.False(facts.LogOn);
        Assert.Empty(facts.LogFiles);
        Assert.False(facts.ReadOnly);
    }

    [Fact]
    public async Task Refusing_ordinary_writes_survives_a_restart()
    {
        var instance = await fixture.NewMasterAsync();
        await instance.Replication.SetWritableAsync(false, None);
        await instance.Server.StopAsync(None);
        await instance.RestartAgentAsync();
        await instance.Server.StartAsync(None);

        await fixture.IsRefusedAsync(
            instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password, fixture.InsertRow(1));

        await instance.Replication.SetWritableAsync(true, None);
        await fixture.InsertAsync(instance, 1);
    }

    private static async Task<bool> ListensAsync(string address, int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
