using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class LockTests(ControlDatabase on)
{
    [Fact]
    public async Task Own_excludes_own_and_shared()
    {
        var id = await Make.InstanceAsync(on);

        Assert.True(await OwnAsync(id, Op("a", id)));
        Assert.False(await OwnAsync(id, Op("b", id)));
        Assert.False(await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), Op("c", id))));
        Assert.Equal(LockMode.Own, await on.Read(unit => LockRows.Mode(unit, id, Op("a", id))));
        Assert.Equal(LockMode.Unknown, await on.Read(unit => LockRows.Mode(unit, id, Op("b", id))));
    }

    [Fact]
    public async Task Shared_excludes_own_but_not_shared()
    {
        var id = await Make.InstanceAsync(on);

        Assert.True(await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), Op("a", id))));
        Assert.True(await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), Op("b", id))));
        Assert.False(await OwnAsync(id, Op("c", id)));
    }

    [Fact]
    public async Task Owning_raises_the_fence()
    {
        var id = await Make.InstanceAsync(on);
        var before = (await FindAsync(id)).FenceCounter;

        await OwnAsync(id, Op("a", id));

        Assert.Equal(before + 1, (await FindAsync(id)).FenceCounter);
    }

    [Fact]
    public async Task Conditions_are_judged_with_the_lock()
    {
        var building = await Make.InstanceAsync(on, instance => instance with { Lifecycle = Lifecycle.Building });
        var master = await Make.InstanceAsync(on);
        await on.Write(unit => InstanceChanges.AddSlave(unit, master));
        var gone = await Make.InstanceAsync(on);
        await on.Write(unit => InstanceChanges.SetDeleted(unit, gone, 2));

        Assert.False(await OwnAsync(building, Op("a", building), onlyReady: true));
        Assert.True(await OwnAsync(building, Op("a", building)));
        Assert.False(await OwnAsync(master, Op("a", master), onlyWithoutSlaves: true));
        Assert.True(await OwnAsync(master, Op("a", master), onlyReady: true));
        Assert.False(await OwnAsync(gone, Op("a", gone)));
        Assert.False(await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(gone), Op("a", gone))));
    }

    [Fact]
    public async Task An_instance_that_changed_since_it_was_read_is_not_taken()
    {
        var id = await Make.InstanceAsync(on);
        var read = (await FindAsync(id)).Version;
        await on.Write(unit => InstanceChanges.Touch(unit, id, 2));

        Assert.False(await OwnAtAsync(read));
        Assert.True(await OwnAtAsync(read + 1));

        Task<bool> OwnAtAsync(long version) => on.Write(unit => LockRows.TryOwn(
            unit, id, Op("a", id), onlyReady: false, onlyWithoutSlaves: false, onlyAtVersion: version));
    }

    [Theory]
    [InlineData(Lifecycle.Building, false)]
    [InlineData(Lifecycle.Failed, false)]
    [InlineData(Lifecycle.Broken, true)]
    [InlineData(Lifecycle.Ready, true)]
    public async Task Data_is_on_the_volume_of_what_was_created_to_the_end(Lifecycle lifecycle, bool isTaken)
    {
        var id = await Make.InstanceAsync(on, instance => instance with { Lifecycle = lifecycle });

        Assert.Equal(isTaken, await on.Write(unit => LockRows.TryOwn(
            unit, id, Op("a", id), onlyReady: false, onlyWithoutSlaves: false, onlyWithData: true)));
    }

    [Fact]
    public async Task A_server_that_vanished_is_written_down_only_where_no_operation_sees_for_itself()
    {
        var (free, owned, shared) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        var building = await Make.InstanceAsync(on, instance => instance with { Lifecycle = Lifecycle.Building });
        var gone = await Make.InstanceAsync(on);
        await OwnAsync(owned, Op("a", owned));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(shared), Op("a", shared)));
        await on.Write(unit => InstanceChanges.SetDeleted(unit, gone, 2));

        Assert.True(await VanishedAsync(free));
        Assert.False(await VanishedAsync(owned));
        Assert.False(await VanishedAsync(shared));
        Assert.False(await VanishedAsync(building));
        Assert.False(await VanishedAsync(gone));
        Assert.Equal(Lifecycle.Ready, (await FindAsync(owned)).Lifecycle);

        Task<bool> VanishedAsync(string id) => on.Write(unit => InstanceChanges.SetVanished(unit, id, "It is gone.", 3));
    }

    [Fact]
    public async Task A_busy_master_or_one_that_is_not_ready_gets_no_slave()
    {
        var (owned, shared) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        var broken = await Make.InstanceAsync(on, instance => instance with { Lifecycle = Lifecycle.Broken });
        var slave = await Make.InstanceAsync(on, instance => instance with { SlaveOfId = shared });
        await OwnAsync(owned, Op("a", owned));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(shared), Op("a", shared)));

        Assert.False(await on.Write(unit => InstanceChanges.AddSlave(unit, owned)));
        Assert.False(await on.Write(unit => InstanceChanges.AddSlave(unit, broken)));
        Assert.False(await on.Write(unit => InstanceChanges.AddSlave(unit, slave)));
        Assert.True(await on.Write(unit => InstanceChanges.AddSlave(unit, shared)));
    }

    [Fact]
    public async Task What_was_judged_by_a_row_that_changed_since_is_not_written()
    {
        var id = await Make.InstanceAsync(on);
        var read = (await FindAsync(id)).Version;

        Assert.True(await on.Write(unit => InstanceChanges.TryTouch(unit, id, read, 2)));
        Assert.False(await on.Write(unit => InstanceChanges.TryTouch(unit, id, read, 2)));
    }

    [Fact]
    public async Task Only_the_last_share_becomes_own()
    {
        var id = await Make.InstanceAsync(on);
        var (a, b) = (Op("a", id), Op("b", id));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), a));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), b));

        Assert.False(await on.Write(unit => LockRows.TryShareToOwn(unit, id, a)));
        Assert.Equal(LockMode.Shared, await on.Read(unit => LockRows.Mode(unit, id, a)));
        await on.Write(unit => LockRows.Release(unit, Subject.Instance(id), b));
        Assert.False(await on.Write(unit => LockRows.TryShareToOwn(unit, id, b)));
        Assert.True(await on.Write(unit => LockRows.TryShareToOwn(unit, id, a)));

        var instance = await FindAsync(id);
        Assert.Equal((a, 0, 1L), (instance.LockOwner, instance.LockShared, instance.FenceCounter));
    }

    [Fact]
    public async Task A_share_of_a_master_with_slaves_does_not_become_own()
    {
        var id = await Make.InstanceAsync(on);
        await on.Write(unit => InstanceChanges.AddSlave(unit, id));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(id), Op("a", id)));

        Assert.False(await on.Write(unit => LockRows.TryShareToOwn(unit, id, Op("a", id))));
        Assert.Equal(1, (await FindAsync(id)).LockShared);
    }

    [Fact]
    public async Task Giving_back_may_be_repeated()
    {
        var (first, second) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        var (a, b) = (Op("a", first), Op("b", first));
        await OwnAsync(first, a);
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(second), a));
        await on.Write(unit => LockRows.TryShare(unit, Subject.Instance(second), b));

        for (var time = 0; time < 3; time++)
        {
            await on.Write(unit => LockRows.ReleaseAll(unit, a));
            await on.Write(unit => LockRows.Release(unit, Subject.Instance(second), a));
        }

        Assert.Null((await FindAsync(first)).LockOwner);
        Assert.Equal(1, (await FindAsync(second)).LockShared);
        Assert.Equal(LockMode.Shared, await on.Read(unit => LockRows.Mode(unit, second, b)));
    }

    [Fact]
    public async Task Of_units_that_race_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await Make.InstanceAsync(on);

            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => (racer % 2 == 0 ? on.Database : on.Other).WriteAsync(
                unit => LockRows.TryOwn(unit, id, Op($"{racer}", id), onlyReady: true, onlyWithoutSlaves: true),
                TestContext.Current.CancellationToken)));

            Assert.Equal(1, won.Count(taken => taken));
        }
    }

    [Fact]
    public async Task Owning_a_master_races_with_a_new_slave_and_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await Make.InstanceAsync(on);

            var owned = on.Database.WriteAsync(
                unit => LockRows.TryOwn(unit, id, Op("o", id), onlyReady: true, onlyWithoutSlaves: true),
                TestContext.Current.CancellationToken);
            var added = on.Other.WriteAsync(unit => InstanceChanges.AddSlave(unit, id), TestContext.Current.CancellationToken);

            Assert.NotEqual(await owned, await added);
        }
    }

    // Ids of operations are as long as those of instances.
    private static string Op(string name, string instanceId) => name + instanceId[1..];

    private Task<bool> OwnAsync(string id, string operation, bool onlyReady = false, bool onlyWithoutSlaves = false) =>
        on.Write(unit => LockRows.TryOwn(unit, id, operation, onlyReady, onlyWithoutSlaves));

    private async Task<Instance> FindAsync(string id) => (await on.Read(unit => InstanceRows.Find(unit, id)))!;
}

public sealed class LockTestsOnSqlite(SqliteControlDatabase on) : LockTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class LockTestsOnMariaDb(MariaDbControlDatabase on) : LockTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class LockTestsOnMySql(MySqlControlDatabase on) : LockTests(on), IClassFixture<MySqlControlDatabase>;
