using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class AccessTests(ControlDatabase on)
{
    [Theory]
    [InlineData(null, null, true, "10.0.0.0/8")]
    [InlineData(false, null, false, "10.0.0.0/8")]
    [InlineData(null, "", true, "")]
    [InlineData(false, "192.0.2.0/24", false, "192.0.2.0/24")]
    public async Task What_is_not_said_of_the_access_stays_as_it_is(
        bool? isPublic, string? cidrs, bool expectedPublic, string expectedCidrs)
    {
        var id = await Make.InstanceAsync(on, instance => instance with { IsPublic = true, AllowedCidrs = "10.0.0.0/8" });

        await on.Write(unit => InstanceChanges.SetAccess(unit, id, isPublic, cidrs, now: 2));

        var changed = (await on.Read(unit => InstanceRows.Find(unit, id)))!;
        Assert.Equal((expectedPublic, expectedCidrs), (changed.IsPublic, changed.AllowedCidrs));
    }
}

public sealed class AccessTestsOnSqlite(SqliteControlDatabase on) : AccessTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class AccessTestsOnMariaDb(MariaDbControlDatabase on) : AccessTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class AccessTestsOnMySql(MySqlControlDatabase on) : AccessTests(on), IClassFixture<MySqlControlDatabase>;
