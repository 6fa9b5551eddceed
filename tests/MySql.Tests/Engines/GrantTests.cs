using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>What users and an enabled root do in SQL behind the service's back, and what its own requests make of that.</summary>
public abstract class GrantTests<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Of the engine's grants those that name databases otherwise than the service does: as root writes them.</summary>
    protected abstract IReadOnlyList<string> Patterns { get; }

    [Fact]
    public async Task What_is_listed_as_access_can_be_revoked_and_takes_what_was_granted_in_it_along()
    {
        var server = await fixture.NewMasterAsync();
        await server.Accounts.CreateDatabasesAsync([new DatabaseSpec("shop_x"), new DatabaseSpec("shopax")], None);
        await server.Accounts.CreateUsersAsync([new UserSpec("w", "password", Databases: ["shop_x"])], None);
        await ExecuteAsync(
            server,
            "CREATE TABLE shop_x.t (n INT, s INT)",
            "CREATE PROCEDURE shop_x.p() SELECT 1",
            "CREATE FUNCTION shop_x.f() RETURNS INT DETERMINISTIC RETURN 1",
            "GRANT SELECT, INSERT ON shop_x.t TO 'w'@'%' WITH GRANT OPTION",
            "GRANT UPDATE (s) ON shop_x.t TO 'w'@'%'",
            "GRANT EXECUTE ON PROCEDURE shop_x.p TO 'w'@'%'",
            "GRANT EXECUTE ON FUNCTION shop_x.f TO 'w'@'%'",
            "GRANT SELECT ON shopax.* TO 'w'@'%' WITH GRANT OPTION");
        await ExecuteAsync(server, [.. Patterns]);
        var listed = (await server.Accounts.GetUserAsync("w", "%", None)).Databases;
        Assert.Equal(listed.Distinct(), listed);
        Assert.Superset(new HashSet<string> { "shop_x", "shopax" }, listed.ToHashSet());

        await using var client = await fixture.ConnectAsync(server, "w", "password", "shop_x");
        foreach (var database in listed)
        {
            await server.Accounts.RevokeAccessAsync(new RevokeAccess("w", "%", database), None);
        }

        Assert.Empty((await server.Accounts.GetUserAsync("w", "%", None)).Databases);
        foreach (var statement in new[]
        {
            "SELECT * FROM shop_x.t", "INSERT INTO shop_x.t VALUES (1, 1)", "UPDATE shop_x.t SET s = 1", "CALL shop_x.p()",
            "SELECT shop_x.f()", "CREATE TABLE shopax.u (n INT)",
        })
        {
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await using var again = await fixture.ConnectAsync(server, "w", "password", "");
                await again.ExecuteAsync(statement);
            });
        }
    }

    [Fact]
    public async Task Who_is_named_by_triggers_or_views_keeps_the_name_and_who_comes_after_a_renamed_one_has_no_rights()
    {
        var server = await fixture.NewMasterAsync();
        await server.Accounts.CreateUsersAsync([new UserSpec("maker", "password", Databases: [DatastoreFixture.Database])], None);
        await using (var maker = await fixture.ConnectAsync(server, "maker", "password"))
        {
            await maker.ExecuteAsync("CREATE TABLE t (n INT)");
            await maker.ExecuteAsync("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.n = NEW.n + 1");
            await maker.ExecuteAsync("CREATE VIEW v AS SELECT n FROM t");
            await maker.ExecuteAsync("CREATE PROCEDURE p() INSERT INTO t VALUES (1)");
            await maker.ExecuteAsync("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSERT INTO t VALUES (1)");
        }

        var refusal = await Assert.ThrowsAsync<DatastoreException>(
            () => server.Accounts.UpdateUserAsync(new UpdateUser("maker", "%", "other", null, null), None));

        Assert.Equal(FaultKind.Precondition, refusal.Kind);
        Assert.Contains(
            "the event shop.e, the procedure shop.p, the trigger shop.g and 1 more would run no more",
            refusal.Message,
            StringComparison.Ordinal);
        await using (var maker = await fixture.ConnectAsync(server, "maker", "password"))
        {
            foreach (var drop in new[] { "TRIGGER g", "VIEW v", "PROCEDURE p", "EVENT e" })
            {
                await maker.ExecuteAsync($"DROP {drop}");
            }
        }

        await ExecuteAsync(server, "GRANT SELECT ON shop.t TO 'maker'@'%'");
        await server.Accounts.UpdateUserAsync(new UpdateUser("maker", "%", "other", null, null), None);
        await server.Accounts.CreateUsersAsync([new UserSpec("maker", "password")], None);
        Assert.Empty((await server.Accounts.GetUserAsync("maker", "%", None)).Databases);
        await using var next = await fixture.ConnectAsync(server, "maker", "password", "");
        await Assert.ThrowsAnyAsync<Exception>(() => next.ExecuteAsync("SELECT * FROM shop.t"));
        await using var other = await fixture.ConnectAsync(server, "other", "password");
        await other.ExecuteAsync("INSERT INTO t VALUES (1)");
    }

    private static async Task ExecuteAsync(TestInstance server, params string[] statements)
    {
        await using var session = await new ServerConnections(new ServerLayout(server.Host).Socket).OpenAsync(None);
        foreach (var statement in statements)
        {
            await session.ExecuteAsync(statement, None);
        }
    }
}

public sealed class MariaDbGrantTests(MariaDbFixture fixture) : GrantTests<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>
{
    protected override IReadOnlyList<string> Patterns =>
    [
        "GRANT SELECT, INSERT ON `shop_x`.* TO 'w'@'%'", "GRANT SELECT ON `shop%`.* TO 'w'@'%' WITH GRANT OPTION",
        "GRANT CREATE ON `sh__ax`.* TO 'w'@'%'",
    ];
}

/// <summary>There are no patterns while partial revokes are on.</summary>
public sealed class MySqlGrantTests(MySqlFixture fixture) : GrantTests<MySqlFixture>(fixture), IClassFixture<MySqlFixture>
{
    protected override IReadOnlyList<string> Patterns => [];
}
