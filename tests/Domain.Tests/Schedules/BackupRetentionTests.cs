using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;

namespace Dbaas.Domain.Tests.Schedules;

public sealed class BackupRetentionTests
{
    private const long Day = 86_400_000;
    private const long Now = 100 * Day;

    /// <summary>
    /// A word for each backup: F a full one, i one that follows on the one before it, x and y such that failed, with its age in days; and
    /// which go.
    /// </summary>
    [Theory]
    [InlineData("F9 F8 F7", null, null, "")]
    [InlineData("F9 F8 F7", 2, null, "F9")]
    [InlineData("F9 F8 F7", null, 8, "F9 F8")]
    [InlineData("F9 F8 F7", null, 1, "F9 F8")]
    [InlineData("F9 F8 F7", 1, 9, "F9")]
    [InlineData("F9 F8 F7", 2, 30, "")]
    [InlineData("F9 i8 i7 i6", 1, null, "")]
    [InlineData("F9 i8 i7 F6", 1, null, "F9 i8 i7")]
    [InlineData("F9 i8 i7 F6 i5", 3, null, "")]
    [InlineData("F9 i8 F7 i6 F5 i4", 2, null, "F9 i8 F7 i6")]
    [InlineData("F9 x8 x7 F6 x5", 1, null, "F9 x8 x7")]
    [InlineData("F9 x8 F6 x5", 1, 6, "F9 x8")]
    [InlineData("x9 x8 x7", 1, null, "x9 x8")]
    [InlineData("x9 x8 x7", null, 8, "x9 x8")]
    [InlineData("F9 i8 y7 F6 F5", 2, null, "F9 i8 y7")]
    [InlineData("F9 i8 y7 F6 F5", 2, 8, "")]
    [InlineData("F9 i8 y7 F6", 2, null, "")]
    [InlineData("F40", 1, 1, "")]
    public void What_neither_number_nor_age_keeps_goes_as_soon_as_nothing_that_stays_needs_it(
        string made, int? keepLast, int? keepDays, string gone)
    {
        var backups = Make(made);

        Assert.Equal(gone, Words(Expired(backups, keepLast, keepDays)));
    }

    [Fact]
    public void What_is_read_or_deleted_or_under_way_stays_and_so_does_what_a_users_own_backup_follows_on()
    {
        var backups = Make("F9 F8 F7 F6 F5");
        backups[0] = backups[0] with { LockShared = 1 };
        backups[1] = backups[1] with { LockOwner = "o" };
        backups[2] = backups[2] with { State = BackupState.Saving };
        backups[3] = backups[3] with { ChildCount = 1 };

        Assert.Empty(Expired(backups, keepLast: 1, keepDays: null));
    }

    [Fact]
    public void What_could_not_be_deleted_is_deleted_again_after_an_hour()
    {
        var backups = Make("F9 F8");
        backups[0] = backups[0] with { State = BackupState.DeleteFailed, Updated = Now - (30 * 60_000) };
        Assert.Empty(Expired(backups, keepLast: 7, keepDays: null));

        backups[0] = backups[0] with { Updated = Now - (60 * 60_000) };
        Assert.Equal("F9", Words(Expired(backups, keepLast: 7, keepDays: null)));
    }

    [Fact]
    public void Each_instance_of_a_project_keeps_its_own()
    {
        var backups = Make("F9 F8").Concat(Make("F7 F6").Select(one => one with { Id = one.Id + "'", InstanceId = "other" })).ToList();

        Assert.Equal(["F7'", "F9"], Expired(backups, keepLast: 1, keepDays: null).SelectMany(one => one).Select(one => one.Id).Order());
    }

    [Fact]
    public void A_chain_goes_as_one_and_each_comes_behind_what_it_follows_on()
    {
        var expired = Expired(Make("F9 i8 i7 F6"), keepLast: 1, keepDays: null);

        Assert.Equal(["F9", "i8", "i7"], Assert.Single(expired).Select(one => one.Id));
    }

    internal static IReadOnlyList<IReadOnlyList<Backup>> Expired(IReadOnlyList<Backup> made, int? keepLast, int? keepDays) =>
        BackupRetention.Expired(new BackupSchedule { KeepLast = keepLast, KeepDays = keepDays }, made, Now);

    private static List<Backup> Make(string words)
    {
        var made = new List<Backup>();
        foreach (var word in words.Split(' '))
        {
            // The one before it that is no failure.
            var parent = word[0] is 'i' or 'y' ? made.FindLastIndex(one => one.State == BackupState.Completed) : -1;
            var at = Now - (int.Parse(word[1..], System.Globalization.CultureInfo.InvariantCulture) * Day);
            made.Add(new Backup
            {
                Id = word, InstanceId = "i", Created = at, Updated = at, ParentId = parent < 0 ? null : made[parent].Id,
                State = word[0] is 'x' or 'y' ? BackupState.Failed : BackupState.Completed,
            });
            if (parent >= 0)
            {
                made[parent] = made[parent] with { ChildCount = 1 };
            }
        }

        return made;
    }

    private static string Words(IReadOnlyList<IReadOnlyList<Backup>> expired) =>
        string.Join(' ', expired.SelectMany(one => one).OrderBy(one => one.Created).Select(one => one.Id));
}
