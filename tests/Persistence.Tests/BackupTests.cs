using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class BackupTests(ControlDatabase on)
{
    [Fact]
    public async Task One_backup_of_an_instance_is_under_way_and_it_keeps_nobody_from_owning_the_instance()
    {
        var instance = await ReadyAsync();

        Assert.True(await on.Write(unit => BackupChanges.TryBegin(unit, instance, "b1")));
        Assert.False(await on.Write(unit => BackupChanges.TryBegin(unit, instance, "b2")));
        Assert.True(await on.Write(
            unit => LockRows.TryOwn(unit, instance, "o" + instance[1..], onlyReady: true, onlyWithoutSlaves: false)));
        await on.Write(unit => BackupChanges.End(unit, instance, "b2"));
        Assert.Equal("b1", (await on.Read(unit => InstanceRows.Find(unit, instance)))!.RunningBackup);
        await on.Write(unit => BackupChanges.End(unit, instance, "b1"));
        Assert.Null((await on.Read(unit => InstanceRows.Find(unit, instance)))!.RunningBackup);
    }

    [Fact]
    public async Task An_instance_that_an_operation_owns_is_not_backed_up()
    {
        var instance = await ReadyAsync();
        await on.Write(unit => LockRows.TryOwn(unit, instance, "o" + instance[1..], onlyReady: false, onlyWithoutSlaves: false));

        Assert.False(await on.Write(unit => BackupChanges.TryBegin(unit, instance, "b1")));
    }

    [Fact]
    public async Task A_backup_has_no_child_while_it_is_deleted_and_is_not_deleted_with_a_child_that_nobody_named()
    {
        var (parent, child) = (await CompleteAsync(null), Guid.CreateVersion7().ToString());

        Assert.True(await on.Write(unit => BackupChanges.TryAddChild(unit, parent)));
        Assert.False(await on.Write(unit => LockRows.TryOwnBackup(unit, parent, child, children: 0)));
        Assert.True(await on.Write(unit => LockRows.TryOwnBackup(unit, parent, child, children: 1)));
        Assert.False(await on.Write(unit => BackupChanges.TryAddChild(unit, parent)));
    }

    [Fact]
    public async Task A_backup_that_is_restored_is_not_deleted_and_can_be_restored_by_others_too()
    {
        var backup = await CompleteAsync(null);
        var (one, other, delete) = ("1" + backup[1..], "2" + backup[1..], "3" + backup[1..]);

        Assert.True(await on.Write(unit => LockRows.TryShare(unit, Subject.Backup(backup), one)));
        Assert.True(await on.Write(unit => LockRows.TryShare(unit, Subject.Backup(backup), other)));
        Assert.False(await on.Write(unit => LockRows.TryOwnBackup(unit, backup, delete, children: 0)));
        await on.Write(unit => LockRows.ReleaseAll(unit, one));
        await on.Write(unit => LockRows.ReleaseAll(unit, other));
        Assert.True(await on.Write(unit => LockRows.TryOwnBackup(unit, backup, delete, children: 0)));
        Assert.False(await on.Write(unit => LockRows.TryShare(unit, Subject.Backup(backup), one)));
        await on.Write(unit => LockRows.ReleaseAll(unit, delete));
        Assert.Null((await on.Read(unit => BackupRows.Find(unit, backup)))!.LockOwner);
    }

    [Fact]
    public async Task A_chain_begins_with_the_complete_one_and_descendants_come_behind_what_they_follow_on()
    {
        var first = await CompleteAsync(null);
        var second = await CompleteAsync(first);
        var third = await CompleteAsync(second);

        Assert.Equal([first, second, third], (await on.Read(unit => BackupRows.Chain(unit, third))).Select(one => one.Id));
        Assert.Equal([second, third], (await on.Read(unit => BackupRows.Descendants(unit, first))).Select(one => one.Id));
    }

    [Fact]
    public async Task A_key_is_kept_encrypted_and_is_forgotten_with_the_backup()
    {
        var id = await CompleteAsync(null);
        await on.Write(unit => BackupChanges.SetKeys(unit, id, "age1x age1y", "AGE-SECRET-KEY-1"));

        Assert.Equal("AGE-SECRET-KEY-1", await on.Read(unit => BackupRows.Identity(unit, id)));
        Assert.DoesNotContain(
            "SECRET", await on.Read(unit => unit.First<string>("SELECT identity FROM backups WHERE id = @id", new { id })) ?? "");
        var row = (await on.Read(unit => BackupRows.Find(unit, id)))!;
        Assert.True(await on.Write(unit => BackupChanges.Bury(unit, row, 9)));
        Assert.False(await on.Write(unit => BackupChanges.Bury(unit, row, 9)));
        Assert.Null(await on.Read(unit => BackupRows.Identity(unit, id)));
    }

    private async Task<string> ReadyAsync()
    {
        var id = await Make.InstanceAsync(on);
        await on.Write(unit => InstanceChanges.SetReady(unit, id, 1));
        Assert.Equal(Lifecycle.Ready, (await on.Read(unit => InstanceRows.Find(unit, id)))!.Lifecycle);
        return id;
    }

    private async Task<string> CompleteAsync(string? parent)
    {
        var backup = new Backup
        {
            Id = Guid.CreateVersion7().ToString(), TenantId = "t", Name = "b", InstanceId = "i", DatastoreVersionId = "v",
            ParentId = parent, Place = "place",
        };
        await on.Write(unit => BackupRows.Insert(unit, backup));
        await on.Write(unit => BackupChanges.Complete(unit, backup.Id, 1, 2, "{}", "{}", null, 3));
        return backup.Id;
    }
}

public sealed class BackupTestsOnSqlite(SqliteControlDatabase on) : BackupTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class BackupTestsOnMariaDb(MariaDbControlDatabase on) : BackupTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class BackupTestsOnMySql(MySqlControlDatabase on) : BackupTests(on), IClassFixture<MySqlControlDatabase>;
