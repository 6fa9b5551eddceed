using System.Net;
using System.Net.Sockets;
using Dapper;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing;
using MySqlConnector;

namespace Dbaas.Persistence.Tests;

/// <summary>What a network and another transaction can do to a unit on MariaDB.</summary>
public sealed class LostConnectionTests(MariaDbControlDatabase on, MariaDb mariaDb) : IClassFixture<MariaDbControlDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deadlock_costs_one_of_two_units_a_second_run()
    {
        var (first, second) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        using var both = new Barrier(2);
        var runs = 0;

        await Task.WhenAll(
            on.Database.WriteAsync(unit => Cross(unit, first, second), Token),
            on.Other.WriteAsync(unit => Cross(unit, second, first), Token));

        Assert.Equal(3, runs);
        Assert.Equal(2, (await on.Read(unit => InstanceRows.Find(unit, first)))!.Version);
        Assert.Equal(2, (await on.Read(unit => InstanceRows.Find(unit, second)))!.Version);

        void Cross(IUnit unit, string one, string another)
        {
            var run = Interlocked.Increment(ref runs);
            InstanceChanges.Touch(unit, one, now: 7);
            if (run <= 2)
            {
                Assert.True(both.SignalAndWait(Patience));
            }

            InstanceChanges.Touch(unit, another, now: 7);
        }
    }

    [Fact]
    public async Task A_unit_whose_connection_is_killed_runs_again_as_a_whole_on_another_one()
    {
        var id = await Make.InstanceAsync(on);
        var connections = new List<long>();

        await on.Write(unit =>
        {
            connections.Add(ConnectionId(unit));
            InstanceChanges.Touch(unit, id, now: 7);
            if (connections.Count == 1)
            {
                Kill(connections[0]);
            }

            InstanceChanges.Touch(unit, id, now: 8);
        });

        Assert.Equal(2, connections.Distinct().Count());
        Assert.Equal(2, (await on.Read(unit => InstanceRows.Find(unit, id)))!.Version);
    }

    [Fact]
    public async Task Work_that_swallows_the_loss_is_not_taken_for_a_success()
    {
        var id = await Make.InstanceAsync(on);
        var runs = 0;

        await on.Write(unit =>
        {
            InstanceChanges.Touch(unit, id, now: 7);
            if (++runs == 1)
            {
                Kill(ConnectionId(unit));
                Assert.NotNull(Record.Exception(() => InstanceChanges.Touch(unit, id, now: 8)));
            }
        });

        Assert.Equal(2, runs);
        Assert.Equal(1, (await on.Read(unit => InstanceRows.Find(unit, id)))!.Version);
    }

    [Fact]
    public async Task A_connection_that_was_killed_while_nobody_used_it_is_noticed()
    {
        using var database = on.Open(on.Dialect, threads: 1);
        var before = await database.ReadAsync(ConnectionId, Token);
        Kill(before);

        var after = await database.ReadAsync(ConnectionId, Token);

        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task A_connection_that_threw_is_not_used_again_and_one_that_did_not_is()
    {
        using var database = on.Open(on.Dialect, threads: 1);
        var first = await database.ReadAsync(ConnectionId, Token);
        Assert.Equal(first, await database.ReadAsync(ConnectionId, Token));

        await Assert.ThrowsAnyAsync<Exception>(() => database.ReadAsync(unit => unit.Query<int>("SELECT nonsense"), Token));

        Assert.NotEqual(first, await database.ReadAsync(ConnectionId, Token));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_counts_once()
    {
        await using var proxy = new CommitEatingProxy(mariaDb.Server.Port);
        using var database = on.Open(new MySqlDialect([Through(proxy)]), threads: 2);
        var project = on.Ids.NewId();
        await database.WriteAsync(unit => QuotaRows.Ensure(unit, project, QuotaResources.All.ToDictionary(name => name, _ => 5L)), Token);
        var runs = 0;
        proxy.EatNext();

        var taken = await database.WriteAsync(
            unit =>
            {
                runs++;
                return QuotaRows.TryTake(unit, project, QuotaResources.Instances, 3);
            },
            Token);

        Assert.True(taken);
        Assert.Equal((1, 1), (proxy.Eaten, runs));
        Assert.Equal(
            3, (await on.Read(unit => QuotaRows.Of(unit, project))).Single(quota => quota.Resource == QuotaResources.Instances).InUse);
        Assert.False(await database.WriteAsync(unit => QuotaRows.TryTake(unit, project, QuotaResources.Instances, 3), Token));
    }

    [Fact]
    public async Task Marks_of_commits_do_not_pile_up()
    {
        using var database = on.Open(on.Dialect, threads: 1);
        await database.WriteAsync(_ => { }, Token);
        var before = await MarksAsync();
        for (var time = 0; time < 20; time++)
        {
            await database.WriteAsync(_ => { }, Token);
        }

        Assert.Equal(before, await MarksAsync());

        Task<long> MarksAsync() => database.ReadAsync(unit => unit.First<long>("SELECT COUNT(*) FROM commit_marks"), Token);
    }

    [Fact]
    public async Task A_unit_outlives_a_crash_of_its_server()
    {
        await using var server = await MariaDbServer.StartAsync();
        Create(server);
        using var database = on.Open(new MySqlDialect([server.ConnectionString("control")]), threads: 1);
        await Migrator.MigrateAsync(database, on.Ids, Token);
        await server.KillAsync();

        var write = database.WriteAsync(InstanceRows.NextServerNumber, Token);
        await server.StartAgainAsync();

        Assert.Equal(1001, await write.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task Nodes_that_are_away_or_take_no_writes_are_passed_over()
    {
        await using var readOnly = await MariaDbServer.StartAsync("--read-only");
        await using var away = await MariaDbServer.StartAsync();
        Create(away);
        await away.KillAsync();
        using (var root = new MySqlDialect([mariaDb.Server.ConnectionString()]).Open())
        {
            root.Execute("CREATE DATABASE IF NOT EXISTS control");
        }

        var dialect = new MySqlDialect(
            [readOnly.ConnectionString(), away.ConnectionString("control"), mariaDb.Server.ConnectionString("control")]);
        using var database = on.Open(dialect, threads: 2);

        Assert.Equal(
            mariaDb.Server.Port, await database.ReadAsync(unit => unit.First<int>("SELECT @@port"), Token).WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task With_no_node_there_it_gives_up_when_its_caller_does()
    {
        await using var server = await MariaDbServer.StartAsync();
        await server.KillAsync();
        using var database = on.Open(new MySqlDialect([server.ConnectionString()]), threads: 1);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => database.ReadAsync(_ => true, giveUp.Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task A_node_that_accepts_and_says_nothing_is_said_to_be_away_when_patience_is_over_in_the_middle_of_a_try()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var port = ((IPEndPoint)mute.LocalEndpoint).Port;
        using var database = on.Open(
            new MySqlDialect([$"Server=127.0.0.1;Port={port};User ID=nobody;Password=none"]), threads: 1, TimeSpan.FromSeconds(1));

        var away = await Assert.ThrowsAsync<DatabaseAwayException>(
            () => database.ReadAsync(_ => true, Token).WaitAsync(TimeSpan.FromSeconds(30), Token));

        Assert.IsType<MySqlException>(away.InnerException);
    }

    [Fact]
    public async Task A_wrong_password_is_an_answer_and_not_tried_again()
    {
        var wrong = mariaDb.Server.ConnectionString().Replace(mariaDb.Server.Password, "wrong", StringComparison.Ordinal);
        using var database = on.Open(new MySqlDialect([wrong]), threads: 1);

        var refused = await Record.ExceptionAsync(() => database.ReadAsync(_ => true, Token));

        Assert.NotNull(refused);
        Assert.Null(on.Dialect.WhyRetry(refused));
        Assert.DoesNotContain("Password", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_servers_root_comes_in_by_the_socket()
    {
        using var connection = new MySqlDialect([mariaDb.Server.RootConnectionString]).Open();

        Assert.Equal($"{Environment.UserName}@localhost", connection.ExecuteScalar<string>("SELECT CURRENT_USER()"));
    }

    private static long ConnectionId(IUnit unit) => unit.First<long>("SELECT CONNECTION_ID()");

    private static void Create(MariaDbServer server)
    {
        using var connection = new MySqlDialect([server.ConnectionString()]).Open();
        connection.Execute("CREATE DATABASE control");
    }

    private void Kill(long connectionId)
    {
        using var connection = on.Dialect.Open();
        connection.Execute($"KILL {connectionId}");
    }

    private string Through(CommitEatingProxy proxy)
    {
        using var connection = on.Dialect.Open();
        return mariaDb.Server.ConnectionString(connection.Database)
            .Replace($"Port={mariaDb.Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal) + ";SslMode=None";
    }
}
