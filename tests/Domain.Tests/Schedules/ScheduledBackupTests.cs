using Dbaas.Domain.Backups;
using Dbaas.Domain.Backups.Schedules;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Tests.Schedules;

public sealed class ScheduledBackupTests
{
    private const long Now = 10_000_000_000;

    private static readonly Instance Ready = new() { Id = "i", Lifecycle = Lifecycle.Ready };
    private static readonly Backup Whole = new() { Id = "b", State = BackupState.Completed };
    private static readonly ScheduleRun Waiting = new() { State = ScheduleRunState.Waiting, Since = Now };
    private static readonly ScheduleRun Begun = new() { State = ScheduleRunState.Begun, BackupId = "b", Since = Now };

    [Fact]
    public void A_schedule_that_is_not_incremental_takes_full_ones() =>
        Assert.Equal(new ScheduleMove.Begin(null), Next(Waiting, newest: Whole, chain: 1, incremental: false));

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "b")]
    [InlineData(2, "b")]
    [InlineData(3, null)]
    public void Of_so_many_backups_one_is_full(int chain, string? parent) =>
        Assert.Equal(new ScheduleMove.Begin(parent), Next(Waiting, newest: chain == 0 ? null : Whole, chain: chain));

    [Fact]
    public void What_is_being_deleted_is_not_followed_on() =>
        Assert.Equal(new ScheduleMove.Begin(null), Next(Waiting, newest: Whole with { LockOwner = "o" }, chain: 1));

    [Fact]
    public void Where_nothing_can_follow_a_full_one_is_taken() =>
        Assert.Equal(
            new ScheduleMove.Begin(null),
            Next(Waiting, newest: Whole, chain: 1, agent: new AgentFacts { Capabilities = "backups backups-follow-by-log" }));

    [Fact]
    public void What_may_pass_is_waited_for_and_not_for_ever()
    {
        Assert.Contains("RESTARTING", Assert.IsType<ScheduleMove.Wait>(Next(Waiting, isHealthy: false)).Why, StringComparison.Ordinal);
        var late = Waiting with { Since = Now - ScheduledBackup.PatienceMilliseconds };
        Assert.Contains("RESTARTING", Assert.IsType<ScheduleMove.End>(Next(late, isHealthy: false)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_backup_is_waited_for_as_long_as_it_goes_on() =>
        Assert.True(Assert.IsType<ScheduleMove.Wait>(
            Next(Waiting with { Since = 1 }, instance: Ready with { RunningBackup = "other" })).IsForBackup);

    [Fact]
    public void What_does_not_pass_is_said_at_once()
    {
        var end = Assert.IsType<ScheduleMove.End>(Next(Waiting, agent: new AgentFacts { Capabilities = "accounts" }));
        Assert.Contains("not supported", end.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_following_backup_that_failed_is_followed_by_a_full_one_once()
    {
        var failed = Whole with { State = BackupState.Failed, ParentId = "p", FaultMessage = "The log is gone." };

        Assert.Equal(new ScheduleMove.TakeFull("The log is gone."), Next(Begun, made: failed));
        Assert.Equal(new ScheduleMove.End("The log is gone."), Next(Begun with { FullOnly = true }, made: failed));
        Assert.Equal(new ScheduleMove.End("The log is gone."), Next(Begun, made: failed with { ParentId = null }));
        Assert.Equal(new ScheduleMove.Begin(null), Next(Waiting with { FullOnly = true }, newest: Whole, chain: 1));
    }

    [Fact]
    public void A_run_is_over_with_its_backup()
    {
        Assert.Equal(new ScheduleMove.End(null), Next(Begun, made: Whole));
        Assert.Equal(new ScheduleMove.End(null), Next(Begun, made: null));
        Assert.Equal(new ScheduleMove.Wait(null), Next(Begun, made: Whole with { State = BackupState.Saving }));
    }

    [Fact]
    public void A_run_of_an_instance_that_is_gone_is_forgotten() =>
        Assert.Equal(new ScheduleMove.Forget(), Next(Waiting, instance: Ready with { Deleted = true }));

    private static ScheduleMove Next(
        ScheduleRun run, Backup? made = null, Backup? newest = null, int chain = 0, bool incremental = true, bool isHealthy = true,
        Instance? instance = null, AgentFacts? agent = null)
    {
        var row = instance ?? Ready;
        var guest = new GuestState { ServerState = isHealthy ? "Healthy" : "Starting" };
        return ScheduledBackup.Next(new ScheduleSeen
        {
            Schedule = new BackupSchedule { Incremental = incremental, FullEvery = 3 },
            Run = run,
            Instance = row,
            Sight = new BackupSeen
            {
                Instance = row, Status = PublicStatus.Derive(row, null, guest, TimeSpan.FromSeconds(30)), IsHealthy = isHealthy,
                DatastoreName = "mariadb", Agent = agent,
            },
            Made = made,
            Newest = newest,
            ChainLength = chain,
            Now = Now,
        });
    }
}
