using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Secrets;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class KeyRotationTests(ControlDatabase on)
{
    private static readonly byte[] Old = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)2, 32)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_is_secret_comes_under_the_new_key_and_is_read_meanwhile()
    {
        var (backup, log, operation, command) = (NewId(), NewId(), NewId(), NewId());
        using var before = new Database(on.Dialect, new SecretBox(Old), 1);
        await before.WriteAsync(
            unit =>
            {
                BackupRows.Insert(unit, new Backup { Id = backup, TenantId = "t", Name = "b", Place = "p" });
                BackupChanges.SetKeys(unit, backup, "age1x", "key of the backup");
                ArchivedLogRows.Insert(unit, new ArchivedLog { Id = log, TenantId = "t", InstanceId = "i", Place = "p" });
                ArchivedLogChanges.SetKeys(unit, log, "age1x", "key of the log");
                OperationRows.Insert(unit, operation, OperationKinds.Restart, "i", "the goal", 1);
                CommandRows.Ensure(unit, Make.Command(command, "i"));
            },
            Token);

        using var rotating = new Database(on.Dialect, new SecretBox(New, [Old]), 1);
        Assert.Equal("key of the backup", await rotating.ReadAsync(unit => BackupRows.Identity(unit, backup), Token));
        var (first, again) = (await RewrapAsync(rotating), await RewrapAsync(rotating));

        Assert.Equal((4, 0), first);
        Assert.Equal((0, 0), again);
        using var after = new Database(on.Dialect, new SecretBox(New), 1);
        Assert.Equal("key of the backup", await after.ReadAsync(unit => BackupRows.Identity(unit, backup), Token));
        Assert.Equal("key of the log", await after.ReadAsync(unit => ArchivedLogRows.Identity(unit, log), Token));
        Assert.Equal("the goal", (await after.ReadAsync(unit => OperationRows.Find(unit, operation), Token))!.Goal);
        Assert.NotNull(await after.ReadAsync(unit => CommandRows.Find(unit, command), Token));

        using var strange = new Database(on.Dialect, new SecretBox(new byte[32], [Old]), 1);
        Assert.Equal((0, 4), await RewrapAsync(strange));
    }

    private static async Task<(int, int)> RewrapAsync(Database database)
    {
        var (rewrapped, unreadable) = (0, 0);
        foreach (var column in SealedRows.Columns)
        {
            var done = await SealedRows.RewrapAsync(database, column, Token);
            (rewrapped, unreadable) = (rewrapped + done.Rewrapped, unreadable + done.Unreadable);
        }

        return (rewrapped, unreadable);
    }

    private static string NewId() => Guid.CreateVersion7().ToString();
}

public sealed class KeyRotationTestsOnSqlite(SqliteControlDatabase on) : KeyRotationTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class KeyRotationTestsOnMariaDb(MariaDbControlDatabase on) : KeyRotationTests(on), IClassFixture<MariaDbControlDatabase>;
