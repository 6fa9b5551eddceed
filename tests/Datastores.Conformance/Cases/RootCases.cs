using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>The enabled root: an owner of databases, not of the server. The tests share one pair.</summary>
[Needs("accounts", "replication")]
public abstract class RootCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const string Root = "root";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task No_statement_lets_root_out_on_the_master_or_on_the_slave()
    {
        var pair = await fixture.PairAsync();
        var statements = await fixture.RootStatementsAsync(pair.Master);
        await MeetAsync(pair, 5001);
        var before = await fixture.LookAsync(pair.Slave);

        await AllRefusedAsync(pair.Slave, Root, TestPair.RootPassword, statements.Escapes);
        await AllRefusedAsync(pair.Slave, Root, TestPair.RootPassword, statements.TouchTheEngine);
        Assert.Equal(before.LastTransaction, (await fixture.LookAsync(pair.Slave)).LastTransaction);
        await AllRefusedAsync(pair.Master, Root, TestPair.RootPassword, statements.Escapes);
        await AllRefusedAsync(pair.Master, Root, TestPair.RootPassword, statements.TouchTheEngine);

        await MeetAsync(pair, 5002);
        Assert.True(await fixture.LookAsync(pair.Slave) is { LogOn: true, ReadOnly: true, FollowsSomebody: true });
    }

    [Fact]
    public async Task What_maintains_tables_leaves_no_trace_in_the_slaves_history()
    {
        var pair = await fixture.PairAsync();
        await MeetAsync(pair, 5003);
        var before = await fixture.LookAsync(pair.Slave);

        foreach (var statement in fixture.Words.Maintain)
        {
            await using var client = await fixture.ConnectAsync(pair.Slave, Root, TestPair.RootPassword);
            try
            {
                await client.ExecuteAsync(statement);
            }
            catch (Exception)
            {
                // Refused is as good.
            }
        }

        Assert.Equal(before.LastTransaction, (await fixture.LookAsync(pair.Slave)).LastTransaction);
    }

    [Fact]
    public async Task Root_does_all_that_an_owner_of_databases_does()
    {
        var pair = await fixture.PairAsync();
        var statements = await fixture.RootStatementsAsync(pair.Master);
        await using var client = await fixture.ConnectAsync(pair.Master, Root, TestPair.RootPassword);

        foreach (var statement in statements.Everyday)
        {
            var fault = await Record.ExceptionAsync(() => client.ExecuteAsync(statement));
            Assert.True(fault is null, $"{statement}: {fault?.Message}");
        }

        await MeetAsync(pair, 5004);
    }

    [Fact]
    public async Task Root_ends_connections_of_his_own()
    {
        var pair = await fixture.PairAsync();
        await using var client = await fixture.ConnectAsync(pair.Master, Root, TestPair.RootPassword);
        await using var other = await fixture.ConnectAsync(pair.Master, Root, TestPair.RootPassword);

        await client.ExecuteAsync(fixture.Words.EndConnection((await other.ReadAsync(fixture.Words.ConnectionNumber)).Single()));

        await Assert.ThrowsAnyAsync<Exception>(() => other.ExecuteAsync(fixture.Words.DoNothing));
    }

    [Fact]
    public async Task Nobody_gets_at_the_engine_by_what_root_grants_with_patterns()
    {
        var server = await fixture.NewMasterAsync();
        await server.Accounts.CreateUsersAsync([new UserSpec("early", "password", Databases: [DatastoreFixture.Database])], None);
        await server.Accounts.EnableRootAsync("password", None);
        await server.Accounts.CreateUsersAsync([new UserSpec("late", "password", Databases: [DatastoreFixture.Database])], None);
        var statements = await fixture.RootStatementsAsync(server);

        foreach (var user in new[] { "early", "late", Root })
        {
            foreach (var grant in statements.WidenAccess)
            {
                await using var root = await fixture.ConnectAsync(server, Root, "password");
                _ = await Record.ExceptionAsync(() => root.ExecuteAsync(string.Format(null, grant, user)));
            }

            await AllRefusedAsync(server, user, "password", statements.TouchTheEngine);
        }

        foreach (var user in new[] { "early", "late" })
        {
            Assert.Empty((await server.Accounts.GetUserAsync(user, "%", None)).Databases.Intersect(fixture.Own.Databases));
        }
    }

    [Fact]
    public async Task Access_to_a_database_with_signs_in_its_name_does_not_reach_the_engine()
    {
        var server = await fixture.AloneAsync();
        var statements = await fixture.RootStatementsAsync(server);
        foreach (var database in fixture.Own.DatabasesLikeThem)
        {
            var user = new UserSpec($"of {database}", "password", Databases: [database, DatastoreFixture.Database]);
            await server.Accounts.CreateDatabasesAsync([new DatabaseSpec(database)], None);
            await server.Accounts.CreateUsersAsync([user], None);
            await server.Accounts.GrantAccessAsync(new GrantAccess(user.Name, "%", [database]), None);

            await AllRefusedAsync(server, user.Name, user.Password, statements.TouchTheEngine);

            await using var client = await fixture.ConnectAsync(server, user.Name, user.Password);
            await client.ExecuteAsync(fixture.Words.CreateTableIn(database, "mine"));
            Assert.Equal(
                [database, DatastoreFixture.Database],
                (await server.Accounts.GetUserAsync(user.Name, "%", None)).Databases.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_users_code_does_on_the_slave_only_what_its_user_may()
    {
        var (pair, sneaking) = (await fixture.PairAsync(), fixture.Words.Sneaking);
        await using (var client = await fixture.ConnectAsync(pair.Master, DatastoreFixture.App.Name, DatastoreFixture.App.Password))
        {
            await client.ExecuteAsync(sneaking.Create);
            await client.ExecuteAsync(sneaking.InsertRow(5005));
            await client.ExecuteAsync(sneaking.Drop);
        }

        await fixture.ArrivesAsync(pair.Slave, 5005);
        await using var root = await fixture.ConnectAsync(pair.Slave, Root, TestPair.RootPassword);
        Assert.Equal([0], await root.ReadAsync(sneaking.CountTraces));
    }

    [Fact]
    public async Task Enabling_again_ends_what_root_had_open_and_keeps_what_he_made()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.EnableRootAsync("one", None);
        await using var old = await fixture.ConnectAsync(server, Root, "one");
        await old.ExecuteAsync(fixture.Words.CreateCode);

        await server.Accounts.EnableRootAsync("two", None);

        await Assert.ThrowsAnyAsync<Exception>(() => old.ExecuteAsync(fixture.Words.DoNothing));
        await using var root = await fixture.ConnectAsync(server, Root, "two");
        await root.ExecuteAsync(fixture.Words.CallCode);
    }

    private async Task MeetAsync(TestPair pair, int row)
    {
        await fixture.InsertAsync(pair.Master, row);
        await fixture.ArrivesAsync(pair.Slave, row);
    }

    /// <summary>Fails with those that were not refused, or for another reason.</summary>
    private async Task AllRefusedAsync(
        TestInstance instance, string user, string password, IEnumerable<string> statements)
    {
        var through = new List<string>();
        foreach (var statement in statements)
        {
            // A connection for each: some would change it, some would end it.
            await using var client = await fixture.ConnectAsync(instance, user, password);
            var fault = await Record.ExceptionAsync(() => client.ExecuteAsync(statement));
            if (fault is null || !fixture.Refusals.Any(word => fault.Message.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                through.Add($"{statement}: {fault?.Message ?? "done"}");
            }
        }

        Assert.True(through.Count == 0, string.Join('\n', through));
    }
}
