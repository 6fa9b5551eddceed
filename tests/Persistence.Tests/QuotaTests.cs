using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class QuotaTests(ControlDatabase on)
{
    private static readonly Dictionary<string, long> Defaults = QuotaResources.All.ToDictionary(resource => resource, _ => 5L);

    [Fact]
    public async Task Fifty_at_once_against_a_limit_of_five_give_exactly_five()
    {
        var project = await ProjectAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => (index % 2 == 0 ? on.Database : on.Other).WriteAsync(
            unit =>
            {
                QuotaRows.Ensure(unit, project, Defaults);
                return QuotaRows.TryTake(unit, project, QuotaResources.Instances, 1);
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(5, taken.Count(yes => yes));
        Assert.Equal(5, await InUseAsync(project));
    }

    [Fact]
    public async Task What_is_given_back_can_be_taken_again_and_use_is_never_negative()
    {
        var project = await ProjectAsync();
        Assert.True(await TakeAsync(project, 5));
        Assert.False(await TakeAsync(project, 1));

        await GiveBackAsync(project, 2);
        Assert.True(await TakeAsync(project, 2));
        await GiveBackAsync(project, 4);
        await GiveBackAsync(project, 4);

        Assert.Equal(0, await InUseAsync(project));
    }

    [Fact]
    public async Task A_limit_can_be_changed_and_lifted_and_survives_a_second_ensure()
    {
        var project = await ProjectAsync();
        await on.Write(unit => QuotaRows.SetLimit(unit, project, QuotaResources.Instances, 0));
        await on.Write(unit => QuotaRows.Ensure(unit, project, Defaults));
        Assert.False(await TakeAsync(project, 1));

        await on.Write(unit => QuotaRows.SetLimit(unit, project, QuotaResources.Instances, -1));

        Assert.True(await TakeAsync(project, 1_000_000));
    }

    [Fact]
    public async Task A_unit_that_fails_takes_nothing()
    {
        var project = await ProjectAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => on.Write(unit =>
        {
            QuotaRows.TryTake(unit, project, QuotaResources.Instances, 3);
            throw new NotSupportedException("The unit gives up.");
        }));

        Assert.Equal(0, await InUseAsync(project));
    }

    private async Task<string> ProjectAsync()
    {
        var project = on.Ids.NewId();
        await on.Write(unit => QuotaRows.Ensure(unit, project, Defaults));
        return project;
    }

    private Task<bool> TakeAsync(string project, long amount) =>
        on.Write(unit => QuotaRows.TryTake(unit, project, QuotaResources.Instances, amount));

    private Task GiveBackAsync(string project, long amount) =>
        on.Write(unit => QuotaRows.GiveBack(unit, project, QuotaResources.Instances, amount));

    private async Task<long> InUseAsync(string project) =>
        (await on.Read(unit => QuotaRows.Of(unit, project))).Single(quota => quota.Resource == QuotaResources.Instances).InUse;
}

public sealed class QuotaTestsOnSqlite(SqliteControlDatabase on) : QuotaTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class QuotaTestsOnMariaDb(MariaDbControlDatabase on) : QuotaTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class QuotaTestsOnMySql(MySqlControlDatabase on) : QuotaTests(on), IClassFixture<MySqlControlDatabase>;
