using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class SlaveCountTests(ControlDatabase on)
{
    private const long DemoteAt = 4711;

    [Fact]
    public async Task The_master_counts_its_slaves_and_is_demoted_after_the_last_one()
    {
        var (master, slaves) = await MasterWithSlavesAsync(2, BinaryLogChoice.WhenReplicating);

        Assert.True(await RemoveAsync(slaves[0], master));
        var between = await FindAsync(master);
        Assert.True(await RemoveAsync(slaves[1], master));
        var last = await FindAsync(master);

        Assert.Equal((1, (long?)null), (between.SlaveCount, between.DemoteAt));
        Assert.Equal((0, DemoteAt), (last.SlaveCount, last.DemoteAt));
        Assert.Null((await FindAsync(slaves[0])).SlaveOfId);
    }

    [Fact]
    public async Task A_master_that_always_logs_is_not_demoted()
    {
        var (master, slaves) = await MasterWithSlavesAsync(1, BinaryLogChoice.Always);

        await RemoveAsync(slaves[0], master);

        Assert.Equal((0, (long?)null), ((await FindAsync(master)).SlaveCount, (await FindAsync(master)).DemoteAt));
    }

    [Fact]
    public async Task Removing_a_slave_twice_counts_once()
    {
        var (master, slaves) = await MasterWithSlavesAsync(2, BinaryLogChoice.WhenReplicating);

        Assert.True(await RemoveAsync(slaves[0], master));
        Assert.False(await RemoveAsync(slaves[0], master));

        Assert.Equal(1, (await FindAsync(master)).SlaveCount);
    }

    [Fact]
    public async Task Becoming_independent_raises_the_role_epoch_once_and_of_that_instance_alone()
    {
        var (master, slaves) = await MasterWithSlavesAsync(2, BinaryLogChoice.WhenReplicating);

        await RemoveAsync(slaves[0], master);
        await RemoveAsync(slaves[0], master);

        var epochs = await on.Read(unit => new[] { slaves[0], slaves[1], master }
            .Select(id => InstanceRows.RoleEpochs(unit, [id]).Single().Epoch).ToArray());
        Assert.Equal([2L, 1L, 1L], epochs);
        Assert.Equal(2, (await FindAsync(slaves[0])).RoleEpoch);
        Assert.Empty(await on.Read(unit => InstanceRows.RoleEpochs(unit, ["nobody"])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slave_takes_the_place_of_its_master_once_and_only_for_who_owns_it(bool staysMember)
    {
        var (master, slaves) = await MasterWithSlavesAsync(3, BinaryLogChoice.WhenReplicating);
        var operation = on.Ids.NewId();

        await ChangeAsync(operation);
        Assert.Equal(master, (await FindAsync(slaves[0])).SlaveOfId);

        await on.Write(unit => LockRows.TryOwn(unit, slaves[0], operation, onlyReady: true, onlyWithoutSlaves: false));
        await ChangeAsync(operation);
        await ChangeAsync(operation);

        var (first, former) = (await FindAsync(slaves[0]), await FindAsync(master));
        Assert.Equal((null, staysMember ? 3 : 2, 2L), (first.SlaveOfId, first.SlaveCount, first.RoleEpoch));
        Assert.Equal(
            (staysMember ? slaves[0] : null, 0, 2L, (long?)null),
            (former.SlaveOfId, former.SlaveCount, former.RoleEpoch, former.DemoteAt));
        Assert.Equal((slaves[0], 2L), ((await FindAsync(slaves[1])).SlaveOfId, (await FindAsync(slaves[2])).RoleEpoch));

        Task ChangeAsync(string by) => on.Write(
            unit => InstanceChanges.ChangeMaster(unit, by, slaves[0], master, slaves[1..], staysMember));
    }

    [Fact]
    public async Task A_new_slave_calls_the_demotion_off()
    {
        var (master, slaves) = await MasterWithSlavesAsync(1, BinaryLogChoice.WhenReplicating);
        await RemoveAsync(slaves[0], master);

        Assert.True(await on.Write(unit => InstanceChanges.AddSlave(unit, master)));

        Assert.Null((await FindAsync(master)).DemoteAt);
    }

    [Fact]
    public async Task Not_everything_can_have_a_slave()
    {
        var (master, slaves) = await MasterWithSlavesAsync(1, BinaryLogChoice.WhenReplicating);
        var building = await Make.InstanceAsync(on, instance => instance with { Lifecycle = Lifecycle.Building });
        var held = await Make.InstanceAsync(on);
        await on.Write(unit => LockRows.TryOwn(unit, held, "o" + held[1..], onlyReady: true, onlyWithoutSlaves: true));
        var gone = await Make.InstanceAsync(on);
        await on.Write(unit => InstanceChanges.SetDeleted(unit, gone, 2));

        foreach (var id in new[] { slaves[0], building, held, gone, "nobody" })
        {
            Assert.False(await on.Write(unit => InstanceChanges.AddSlave(unit, id)));
        }

        Assert.Equal([slaves[0]], (await on.Read(unit => InstanceRows.SlavesOf(unit, master))).Select(slave => slave.Id));
    }

    [Fact]
    public async Task Slaves_that_come_and_go_at_once_are_counted_right()
    {
        var (master, slaves) = await MasterWithSlavesAsync(10, BinaryLogChoice.WhenReplicating);

        await Task.WhenAll(slaves.Take(6).Select((slave, index) => (index % 2 == 0 ? on.Database : on.Other).WriteAsync(
            unit => InstanceChanges.RemoveSlave(unit, slave, master, DemoteAt), TestContext.Current.CancellationToken)));

        Assert.Equal((4, (long?)null), ((await FindAsync(master)).SlaveCount, (await FindAsync(master)).DemoteAt));
    }

    private async Task<(string Master, string[] Slaves)> MasterWithSlavesAsync(int count, BinaryLogChoice binaryLog)
    {
        var master = await Make.InstanceAsync(on, instance => instance with { BinaryLog = binaryLog });
        var slaves = new string[count];
        for (var index = 0; index < count; index++)
        {
            slaves[index] = await Make.InstanceAsync(on, instance => instance with { SlaveOfId = master });
            Assert.True(await on.Write(unit => InstanceChanges.AddSlave(unit, master)));
        }

        return (master, slaves);
    }

    private Task<bool> RemoveAsync(string slave, string master) =>
        on.Write(unit => InstanceChanges.RemoveSlave(unit, slave, master, DemoteAt));

    private async Task<Instance> FindAsync(string id) => (await on.Read(unit => InstanceRows.Find(unit, id)))!;
}

public sealed class SlaveCountTestsOnSqlite(SqliteControlDatabase on) : SlaveCountTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class SlaveCountTestsOnMariaDb(MariaDbControlDatabase on) : SlaveCountTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class SlaveCountTestsOnMySql(MySqlControlDatabase on) : SlaveCountTests(on), IClassFixture<MySqlControlDatabase>;
