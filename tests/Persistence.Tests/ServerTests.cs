using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>What is kept of servers, and of what belongs to nothing.</summary>
public abstract class ServerTests(ControlDatabase on)
{
    [Fact]
    public async Task A_server_is_kept_as_it_was_seen_last_and_missing_since_the_first_time()
    {
        var id = on.Ids.NewId();
        var seen = new ServerFacts { InstanceId = id, ServerId = "s", Host = "h", State = "Active", Build = 2, Seen = 20 };
        await on.Write(unit => ServerRows.SetMissing(unit, id, 5));
        await on.Write(unit => ServerRows.Save(unit, seen));
        Assert.Equal(seen, await on.Read(unit => ServerRows.Find(unit, id)));

        await on.Write(unit => ServerRows.Save(unit, seen with { Seen = 10, State = "Stopped" }));
        await on.Write(unit => ServerRows.SetMissing(unit, id, 30));
        await on.Write(unit => ServerRows.SetMissing(unit, id, 40));

        Assert.Equal(seen with { MissingSince = 30 }, (await on.Read(unit => ServerRows.Find(unit, [id, "none"])))[id]);
        await on.Write(unit => ServerRows.Delete(unit, id));
        Assert.Null(await on.Read(unit => ServerRows.Find(unit, id)));
    }

    [Fact]
    public async Task A_leftover_is_kept_since_it_was_first_seen_until_it_is_forgotten()
    {
        var key = on.Ids.NewId();
        Assert.False(await on.Write(unit => LeftoverRows.Want(unit, "port", key)));
        await on.Write(unit => LeftoverRows.Saw(unit, "port", key, 10));
        await on.Write(unit => LeftoverRows.Saw(unit, "port", key, 20));
        await on.Write(unit => LeftoverRows.Want(unit, "port", key));

        Assert.Equal(
            new Leftover { Kind = "port", Subject = key, FirstSeen = 10, LastSeen = 20, Removal = LeftoverRemoval.Wanted },
            Assert.Single(await on.Read(LeftoverRows.All), one => one.Subject == key));
        await on.Write(unit => LeftoverRows.Forget(unit, "port", key));
        Assert.DoesNotContain(await on.Read(LeftoverRows.All), one => one.Subject == key);
    }
}

public sealed class ServerTestsOnSqlite(SqliteControlDatabase on) : ServerTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class ServerTestsOnMariaDb(MariaDbControlDatabase on) : ServerTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class ServerTestsOnMySql(MySqlControlDatabase on) : ServerTests(on), IClassFixture<MySqlControlDatabase>;
