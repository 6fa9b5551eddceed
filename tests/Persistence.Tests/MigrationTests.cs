using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class MigrationTests(ControlDatabase on)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string[] Scripts =>
        [.. typeof(Database).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))];

    [Fact]
    public void No_two_scripts_have_the_same_number() =>
        Assert.Distinct(Scripts.Select(name => name.Split('.')[^2].Split('-')[0]));

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var database = on.Open(await on.NewEmptyAsync());
        await Migrator.MigrateAsync(database, on.Ids, Token);
        var deployment = await database.ReadAsync(ControlPlaneRows.DeploymentId, Token);
        var number = await database.WriteAsync(InstanceRows.NextServerNumber, Token);

        await Migrator.MigrateAsync(database, on.Ids, Token);

        Assert.Equal(deployment, await database.ReadAsync(ControlPlaneRows.DeploymentId, Token));
        Assert.Equal(number + 1, await database.WriteAsync(InstanceRows.NextServerNumber, Token));
    }

    [Fact]
    public async Task Programs_may_migrate_at_the_same_time()
    {
        var dialect = await on.NewEmptyAsync();
        var programs = Enumerable.Range(0, 3).Select(_ => on.Open(dialect, threads: 1)).ToArray();

        await Task.WhenAll(programs.Select(program => Migrator.MigrateAsync(program, on.Ids, Token)));

        await AssertWholeAsync(programs[0]);
        var seen = await Task.WhenAll(programs.Select(program => program.ReadAsync(ControlPlaneRows.DeploymentId, Token)));
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task It_may_be_cut_between_any_two_statements()
    {
        var database = on.Open(await on.NewEmptyAsync(), threads: 1);
        var cuts = 0;
        for (var whole = false; !whole && cuts < 1000; cuts++)
        {
            try
            {
                // One statement, and one for each script so far, come before the first one that is still to do: it is cut behind that
                // one, and another time behind its record.
                await Migrator.MigrateAsync(new CutDatabase(database, cuts < 2 ? cuts : 3 + (cuts % (Scripts.Length + 1))), on.Ids, Token);
                whole = true;
            }
            catch (CutException)
            {
            }
        }

        Assert.True(cuts > 30, $"It was whole after {cuts} runs: it was hardly cut.");
        await AssertWholeAsync(database);
    }

    private async Task AssertWholeAsync(Database database)
    {
        Assert.Equal(1001, await database.WriteAsync(InstanceRows.NextServerNumber, Token));
        await database.WriteAsync(
            unit =>
            {
                InstanceRows.Insert(unit, Make.Instance("i"));
                OperationRows.Insert(unit, "o", "restart", "i", null, 1);
                CommandRows.Ensure(unit, Make.Command("c", "i"));
                QuotaRows.TryTake(unit, "project", "ram", 1);
            },
            Token);
    }

    private sealed class CutException : Exception;

    private sealed class CutDatabase(IDatabase inner, int statements) : IDatabase
    {
        private int left = statements;

        public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

        public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
            inner.WriteAsync(unit => work(new CutUnit(unit, () => left-- > 0)), cancellationToken);
    }

    private sealed class CutUnit(IUnit inner, Func<bool> goesOn) : DecoratedUnit(inner)
    {
        public override int Execute(string sql, object? parameters = null) =>
            goesOn() ? base.Execute(sql, parameters) : throw new CutException();
    }
}

public sealed class MigrationTestsOnSqlite(SqliteControlDatabase on) : MigrationTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class MigrationTestsOnMariaDb(MariaDbControlDatabase on) : MigrationTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class MigrationTestsOnMySql(MySqlControlDatabase on) : MigrationTests(on), IClassFixture<MySqlControlDatabase>;
