using Dbaas.Domain.Sets;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class ReplicaSetTests(ControlDatabase on)
{
    [Fact]
    public async Task What_is_decided_for_a_set_is_known_of_each_member_and_changes_with_the_last_word()
    {
        var (master, slave) = await PairAsync();
        Assert.False(await FailsOverAsync(slave));
        await DecideAsync(master, FailoverPolicy.Automatic);

        var first = (await FindAsync(master))!;
        await DecideAsync(master, FailoverPolicy.Automatic);

        Assert.True(await FailsOverAsync(master) && await FailsOverAsync(slave));
        Assert.Equal(first with { Version = 2 }, await FindAsync(master));
        Assert.Contains(first.Id, await AutomaticAsync());
        await DecideAsync(master, FailoverPolicy.Manual);
        Assert.False(await FailsOverAsync(master) || await FailsOverAsync(slave));
        Assert.DoesNotContain(first.Id, await AutomaticAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_goes_with_the_master_s_place(bool staysMember)
    {
        var (master, slave) = await PairAsync();
        await DecideAsync(master, FailoverPolicy.Automatic);
        var before = (await FindAsync(master))!;
        var operation = on.Ids.NewId();
        await on.Write(unit => LockRows.TryOwn(unit, slave, operation, onlyReady: true, onlyWithoutSlaves: false));

        await on.Write(unit => InstanceChanges.ChangeMaster(unit, operation, slave, master, [], staysMember));
        await on.Write(unit => InstanceChanges.ChangeMaster(unit, operation, slave, master, [], staysMember));

        Assert.Equal(before with { MasterId = slave, Version = before.Version + 1 }, await FindAsync(slave));
        Assert.Equal((staysMember, true), (await FailsOverAsync(master), await FailsOverAsync(slave)));
    }

    [Fact]
    public async Task It_fails_over_once_for_who_has_seen_it_as_it_is()
    {
        var (master, _) = await PairAsync();
        await DecideAsync(master, FailoverPolicy.Automatic);
        var seen = (await FindAsync(master))!;
        Assert.True(await on.Write(unit => ReplicaSetRows.TrySetHeld(unit, seen, new string('x', 3000))));
        Assert.False(await on.Write(unit => ReplicaSetRows.TryFailOver(unit, seen)));
        seen = (await FindAsync(master))!;

        Assert.True(await on.Write(unit => ReplicaSetRows.TryFailOver(unit, seen)));
        Assert.False(await on.Write(unit => ReplicaSetRows.TryFailOver(unit, seen)));
        Assert.False(await on.Write(unit => ReplicaSetRows.TrySetHeld(unit, seen, "late")));

        var after = (await FindAsync(master))!;
        Assert.Equal((2000, true, null), (seen.Held!.Length, after.FailedOverAt > 0, after.Held));
    }

    [Fact]
    public async Task It_does_not_fail_over_when_that_is_not_wanted_any_more()
    {
        var (master, _) = await PairAsync();
        await DecideAsync(master, FailoverPolicy.Automatic);
        await DecideAsync(master, FailoverPolicy.Manual);

        var seen = (await FindAsync(master))!;

        Assert.False(await on.Write(unit => ReplicaSetRows.TryFailOver(unit, seen)));
    }

    [Fact]
    public async Task It_ends_with_its_master()
    {
        var (master, _) = await PairAsync();
        await DecideAsync(master, FailoverPolicy.Automatic);

        await on.Write(unit => InstanceChanges.SetDeleted(unit, master, 1));

        Assert.Null(await FindAsync(master));
    }

    private async Task<(string Master, string Slave)> PairAsync()
    {
        var master = await Make.InstanceAsync(on);
        var slave = await Make.InstanceAsync(on, instance => instance with { SlaveOfId = master });
        await on.Write(unit => InstanceChanges.AddSlave(unit, master));
        return (master, slave);
    }

    private async Task DecideAsync(string master, FailoverPolicy policy)
    {
        var newId = on.Ids.NewId();
        await on.Write(unit => ReplicaSetRows.SetFailover(unit, master, policy, newId));
    }

    private Task<ReplicaSet?> FindAsync(string master) => on.Read(unit => ReplicaSetRows.Find(unit, master));

    private async Task<bool> FailsOverAsync(string id) =>
        (await on.Read(unit => InstanceRows.RoleEpochs(unit, [id]))).Single().FailsOver;

    private async Task<IEnumerable<string>> AutomaticAsync() =>
        (await on.Read(unit => ReplicaSetRows.Automatic(unit, "", 10_000))).Select(set => set.Id);
}

public sealed class ReplicaSetTestsOnSqlite(SqliteControlDatabase on) : ReplicaSetTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class ReplicaSetTestsOnMariaDb(MariaDbControlDatabase on) : ReplicaSetTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class ReplicaSetTestsOnMySql(MySqlControlDatabase on) : ReplicaSetTests(on), IClassFixture<MySqlControlDatabase>;
