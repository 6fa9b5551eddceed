using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;

namespace Dbaas.Domain.Tests.Archives;

public sealed class RestorableTimesTests
{
    [Fact]
    public void From_the_end_of_the_first_backup_to_the_end_of_what_is_archived()
    {
        var found = Assert.Single(RestorableTimes.Of(
            [Backup("b1", 150, 160), Backup("b2", 250, 260)], [Log("a", 100, 200), Log("b", 200, 300)]));

        Assert.Equal((160_000, 300_000), (found.Earliest, found.Latest));
        Assert.Equal("b1", found.BackupFor(259_999)!.Id);
        Assert.Equal("b2", found.BackupFor(260_000)!.Id);
        Assert.Null(found.BackupFor(159_999));
    }

    [Fact]
    public void The_logs_behind_a_backup_begin_with_the_one_that_was_being_written_when_it_was_begun()
    {
        var early = Backup("b1", 250, 350);
        var found = Assert.Single(RestorableTimes.Of([early], [Log("a", 100, 200), Log("b", 200, 300), Log("c", 300, 400)]));

        Assert.Equal(["b", "c"], found.LogsBehind(early).Select(log => log.Id));
    }

    [Fact]
    public void A_gap_parts_two_stretches_and_a_backup_is_good_for_its_own_alone()
    {
        var found = RestorableTimes.Of(
            [Backup("b1", 150, 160), Backup("b2", 350, 360)],
            [Log("a", 100, 200), Log("b", 300, 400, gap: "The files are gone.")]);

        Assert.Equal([(160_000, 200_000), (360_000, 400_000)], found.Select(time => (time.Earliest, time.Latest)));
        Assert.Equal(["b1"], found[0].Backups.Select(backup => backup.Id));
        Assert.Equal(["b2"], found[1].Backups.Select(backup => backup.Id));
    }

    /// <summary>It may end before the backup does: nothing behind it can be restored to yet.</summary>
    [Fact]
    public void Without_a_backup_that_ended_within_there_is_none()
    {
        IReadOnlyList<ArchivedLog> logs = [Log("a", 100, 200)];

        Assert.Empty(RestorableTimes.Of([], logs));
        Assert.Empty(RestorableTimes.Of([Backup("b", 50, 150)], logs));
        Assert.Empty(RestorableTimes.Of([Backup("b", 150, 250)], logs));
        Assert.Empty(RestorableTimes.Of([Backup("b", 150, 160) with { State = BackupState.Failed }], logs));
        Assert.Empty(RestorableTimes.Of([Backup("b", 150, 160) with { Deleted = true }], logs));
        Assert.Empty(RestorableTimes.Of([Backup("b", 150, 160)], [Log("a", 100, 200) with { Begun = null }]));
    }

    [Fact]
    public void A_lost_link_is_a_gap_also_when_nobody_said_so()
    {
        var found = RestorableTimes.Of(
            [Backup("b1", 150, 160)], [Log("a", 100, 200), Log("c", 300, 400) with { PreviousId = "b" }]);

        Assert.Equal(200_000, Assert.Single(found).Latest);
    }

    [Theory]
    [InlineData(150, true)]
    [InlineData(250, true)]
    [InlineData(50, false)]
    public void A_log_is_needed_while_a_backup_is_in_it_or_before_it(long created, bool isNeeded)
    {
        IReadOnlyList<ArchivedLog> logs = [Log("a", 100, 200), Log("b", 200, 300)];

        var unneeded = RestorableTimes.Unneeded([Backup("b1", created, created + 10)], logs);

        Assert.Equal(!isNeeded, unneeded.Any(log => log.Id == "b"));
        Assert.Equal(created is not 150, unneeded.Any(log => log.Id == "a"));
    }

    /// <summary>Between the end of one and the beginning of the next there are seconds.</summary>
    [Fact]
    public void A_backup_that_was_begun_between_two_logs_needs_the_one_before()
    {
        var between = Backup("b1", 201, 210);
        IReadOnlyList<ArchivedLog> logs = [Log("a", 100, 200), Log("b", 202, 300), Log("c", 303, 400)];

        Assert.Empty(RestorableTimes.Unneeded([between], logs));
        var found = Assert.Single(RestorableTimes.Of([between], logs));
        Assert.Equal(["a", "b", "c"], found.LogsBehind(between).Select(log => log.Id));
        Assert.Equal(["a"], RestorableTimes.Unneeded([Backup("b2", 250, 260)], logs).Select(log => log.Id));
        Assert.Equal(["a", "b"], RestorableTimes.Unneeded([Backup("b2", 302, 310) with { Deleted = true }, Backup("b3", 304, 310)], logs)
            .Select(log => log.Id));
    }

    [Fact]
    public void A_backup_that_is_being_made_keeps_its_logs_and_an_open_log_is_always_needed()
    {
        IReadOnlyList<ArchivedLog> logs = [Log("a", 100, 200), Log("b", 200, null)];

        Assert.Empty(RestorableTimes.Unneeded([Backup("b1", 150, 0) with { State = BackupState.Saving }], logs));
        Assert.Equal(["a"], RestorableTimes.Unneeded([], logs).Select(log => log.Id));
    }

    [Fact]
    public void A_backup_is_lacking_behind_the_last_gap_only()
    {
        IReadOnlyList<ArchivedLog> logs = [Log("a", 100, 200), Log("b", 300, null, gap: "It was begun anew.")];

        Assert.True(RestorableTimes.LacksBackup([Backup("b1", 150, 160)], logs));
        Assert.False(RestorableTimes.LacksBackup([Backup("b1", 350, 0) with { State = BackupState.New }], logs));
        Assert.True(RestorableTimes.LacksBackup([Backup("b1", 350, 0) with { State = BackupState.Failed }], logs));
        Assert.False(RestorableTimes.LacksBackup([], []));
    }

    private static Backup Backup(string id, long created, long ended) => new()
    {
        Id = id, State = BackupState.Completed, Created = created, Ended = ended * Micros.OfMilli,
    };

    /// <summary>Named by a letter each, in a row.</summary>
    private static ArchivedLog Log(string id, long begun, long? ended, string? gap = null) => new()
    {
        Id = id,
        PreviousId = id == "a" ? null : $"{(char)(id[0] - 1)}",
        State = ended is null ? ArchivedLogState.Open : ArchivedLogState.Closed,
        Parts = 1,
        Begun = begun,
        Ended = ended,
        Committed = (ended ?? begun) * Micros.OfMilli,
        Gap = gap,
    };
}
