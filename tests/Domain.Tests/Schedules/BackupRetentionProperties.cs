using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.Domain.Tests.Schedules;

/// <summary>
/// Over a random life of a schedule, with chains, branches, failures and users' own backups in between: nothing that stays ever misses what
/// it follows on, the newest complete one always stays, and what goes is what the rule does not keep.
/// </summary>
public sealed class BackupRetentionProperties
{
    private const long Day = 86_400_000;
    private const long Now = 100 * Day;

    private static readonly Arbitrary<(int[] Dice, int? KeepLast, int? KeepDays)> Lives = (
        from count in Gen.Choose(0, 25)
        from dice in Gen.Choose(0, 10_000).ArrayOf(count)
        from last in Gen.Choose(0, 6)
        from days in Gen.Choose(0, 20)
        select (dice, last == 0 ? null : (int?)last, days == 0 ? null : (int?)days)).ToArbitrary();

    [Fact]
    public void Nothing_that_stays_misses_what_it_follows_on_and_what_the_rule_keeps_stays() =>
        Prop.ForAll(Lives, life => Holds(Live(life.Dice), life.KeepLast, life.KeepDays))
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000));

    private static bool Holds(IReadOnlyList<Backup> all, int? keepLast, int? keepDays)
    {
        var made = all.Where(one => one.ScheduleId is not null).ToList();
        var groups = BackupRetentionTests.Expired(made, keepLast, keepDays);
        var gone = groups.SelectMany(group => group).Select(one => one.Id).ToList();
        var left = all.Where(one => !gone.Contains(one.Id)).ToList();
        var complete = made.Where(one => one.State == BackupState.Completed).OrderByDescending(one => one.Created).ToList();
        var kept = complete.Take(Math.Max(1, keepLast ?? 0))
            .Concat(made.Where(one => keepDays is { } days && one.Created > Now - (days * Day)));

        // As the deletion guards it: of each that goes, all that follow on it go with it, behind it.
        var isWhole = groups.All(group => group.Index().All(one =>
            group.Skip(one.Index + 1).Count(other => other.ParentId == one.Item.Id) == one.Item.ChildCount));
        return gone.Count == gone.Distinct().Count()
            && (keepLast is not null || keepDays is not null || gone.Count == 0)
            && left.All(one => one.ParentId is null || left.Any(other => other.Id == one.ParentId))
            && kept.All(one => left.Contains(one))
            && left.Where(one => one is { LockShared: > 0 }).All(one => all.Contains(one))
            && !gone.Any(id => all.Single(one => one.Id == id).LockShared > 0)
            && isWhole;
    }

    private static List<Backup> Live(int[] dice)
    {
        var all = new List<Backup>();
        foreach (var (number, roll) in dice.Index())
        {
            var complete = all.FindAll(one => one.State == BackupState.Completed);
            var parent = roll % 3 != 0 && complete.Count > 0 ? complete[^(1 + (roll / 3 % Math.Min(2, complete.Count)))] : null;
            var at = Now - ((dice.Length - number) * Day) + (roll % 1000);
            all.Add(new Backup
            {
                Id = $"{number:00}", InstanceId = "i", Created = at, Updated = at, ParentId = parent?.Id,
                ScheduleId = roll % 7 == 0 ? null : "s",
                LockShared = roll % 11 == 0 ? 1 : 0,
                State = roll % 5 == 0 ? BackupState.Failed : BackupState.Completed,
            });
            if (parent is not null)
            {
                all[all.IndexOf(parent)] = parent with { ChildCount = parent.ChildCount + 1 };
            }
        }

        return all;
    }
}
