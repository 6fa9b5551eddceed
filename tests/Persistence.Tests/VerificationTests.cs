using Dbaas.Domain.Backups;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>What a backup's row says of its verification, on every database.</summary>
public abstract class VerificationTests(ControlDatabase on)
{
    [Fact]
    public async Task A_backup_waits_begins_once_and_is_finished()
    {
        var id = await CompleteAsync();

        Assert.True(await on.Write(unit => VerificationRows.TryRequest(unit, id, 5)));
        Assert.True(await on.Write(unit => VerificationRows.TryRequest(unit, id, 6)));
        Assert.Contains(id, await on.Read(unit => VerificationRows.Due(unit, 1000)));
        Assert.True(await on.Write(unit => VerificationRows.TryBegin(unit, id, "v")));
        Assert.False(await on.Write(unit => VerificationRows.TryBegin(unit, id, "w")));
        Assert.False(await on.Write(unit => VerificationRows.TryRequest(unit, id, 7)));
        await on.Write(unit => VerificationRows.Finish(unit, id, new Verdict("bad", 2, 3, "c", "[]"), 8));

        var row = (await on.Read(unit => BackupRows.Find(unit, id)))!;
        Assert.Equal((VerificationState.Unknown, (string?)null, (long?)8), (row.Verification, row.VerifierId, row.VerifiedAt));
        Assert.Equal(
            ("bad", (int?)2, (long?)3, "c"), (row.VerifiedFault, row.VerifiedTables, row.VerifiedRows, row.VerifiedChecksum));
        Assert.Equal("[]", await on.Read(unit => VerificationRows.Details(unit, id)));
    }

    [Fact]
    public async Task What_is_put_off_waits_longer_each_time_and_no_longer_than_the_longest()
    {
        var id = await CompleteAsync();
        await on.Write(unit => VerificationRows.TryRequest(unit, id, 5));
        var pauses = new List<long>();
        for (var tries = 0; tries < 12; tries++)
        {
            Assert.True(await on.Write(unit => VerificationRows.TryBegin(unit, id, "v")));
            var before = await on.Read(ControlPlaneRows.Now);
            await on.Write(unit => VerificationRows.PutOff(unit, id, VerificationState.Running, "No room.", 9));
            pauses.Add((await on.Read(unit => unit.First<long>("SELECT verify_due FROM backups WHERE id = @id", new { id }))) - before);
            Assert.DoesNotContain(id, await on.Read(unit => VerificationRows.Due(unit, 1000)));
        }

        Assert.InRange(pauses[0], 60_000, 120_000);
        Assert.InRange(pauses[1], 120_000, 180_000);
        Assert.InRange(pauses[^1], VerificationRows.LongestPauseMilliseconds, VerificationRows.LongestPauseMilliseconds + 60_000);
        Assert.Equal("No room.", (await on.Read(unit => BackupRows.Find(unit, id)))!.VerifyFault);
        Assert.True(await on.Write(unit => VerificationRows.TryRequest(unit, id, 10)));
        Assert.Contains(id, await on.Read(unit => VerificationRows.Due(unit, 1000)));
    }

    [Fact]
    public async Task What_a_schedule_takes_waits_until_it_is_complete()
    {
        var id = Guid.CreateVersion7().ToString();
        await on.Write(unit => BackupRows.Insert(unit, Backup(id) with { Verification = VerificationState.Waiting }));
        Assert.DoesNotContain(id, await on.Read(unit => VerificationRows.Due(unit, 1000)));
        Assert.False(await on.Write(unit => VerificationRows.TryBegin(unit, id, "v")));

        await on.Write(unit => BackupChanges.Complete(unit, id, 1, 2, "{}", "{}", null, 3));

        Assert.Contains(id, await on.Read(unit => VerificationRows.Due(unit, 1000)));
    }

    [Fact]
    public async Task The_quota_of_the_hidden_project_lets_so_many_begin_whoever_asks()
    {
        const string Project = "hidden-of-this-test";
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => on.Write(unit =>
        {
            QuotaRows.Ensure(unit, Project, QuotaResources.Instances, 2);
            return QuotaRows.TryTake(unit, Project, QuotaResources.Instances, 1);
        })));

        Assert.Equal(2, taken.Count(isTaken => isTaken));
    }

    private async Task<string> CompleteAsync()
    {
        var id = Guid.CreateVersion7().ToString();
        await on.Write(unit => BackupRows.Insert(unit, Backup(id)));
        await on.Write(unit => BackupChanges.Complete(unit, id, 1, 2, "{}", "{}", null, 3));
        return id;
    }

    private static Backup Backup(string id) => new()
    {
        Id = id, TenantId = "t", Name = "b", InstanceId = "i", DatastoreVersionId = "v", Place = "place",
    };
}

public sealed class VerificationTestsOnSqlite(SqliteControlDatabase on) : VerificationTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class VerificationTestsOnMariaDb(MariaDbControlDatabase on) : VerificationTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class VerificationTestsOnMySql(MySqlControlDatabase on) : VerificationTests(on), IClassFixture<MySqlControlDatabase>;
