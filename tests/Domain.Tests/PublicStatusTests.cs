using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Tests;

public sealed class PublicStatusTests
{
    private const long Now = 1_000_000;
    private const long SilentAfter = 30_000;

    [Theory]
    [InlineData(Lifecycle.Building, null, "BUILD")]
    [InlineData(Lifecycle.Building, OperationKinds.CreateInstance, "BUILD")]
    [InlineData(Lifecycle.Building, OperationKinds.CreateSlave, "BUILD")]
    [InlineData(Lifecycle.Building, OperationKinds.DeleteInstance, "SHUTDOWN")]
    [InlineData(Lifecycle.Ready, null, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.Restart, "REBOOT")]
    [InlineData(Lifecycle.Ready, OperationKinds.Reboot, "REBOOT")]
    [InlineData(Lifecycle.Ready, OperationKinds.ResizeVolume, "RESIZE")]
    [InlineData(Lifecycle.Ready, OperationKinds.ResizeFlavor, "RESIZE")]
    [InlineData(Lifecycle.Ready, OperationKinds.Migrate, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.StopDatabase, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.UpdateAccess, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.UpgradeAgent, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.ApplyConfiguration, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.ForgetSlave, "ACTIVE")]
    [InlineData(Lifecycle.Broken, OperationKinds.ResizeFlavor, "ERROR")]
    [InlineData(Lifecycle.Broken, OperationKinds.Evacuate, "BUILD")]
    [InlineData(Lifecycle.Ready, OperationKinds.DetachSlave, "DETACH")]
    [InlineData(Lifecycle.Ready, OperationKinds.DemoteMaster, "ACTIVE")]
    [InlineData(Lifecycle.Ready, OperationKinds.DeleteInstance, "SHUTDOWN")]
    [InlineData(Lifecycle.Failed, null, "ERROR")]
    [InlineData(Lifecycle.Broken, null, "ERROR")]
    [InlineData(Lifecycle.Broken, OperationKinds.Rebuild, "BUILD")]
    [InlineData(Lifecycle.Ready, OperationKinds.Rebuild, "BUILD")]
    [InlineData(Lifecycle.Ready, OperationKinds.Evacuate, "BUILD")]
    [InlineData(Lifecycle.Failed, OperationKinds.Rebuild, "ERROR")]
    [InlineData(Lifecycle.Failed, OperationKinds.CreateInstance, "ERROR")]
    [InlineData(Lifecycle.Failed, OperationKinds.DeleteInstance, "SHUTDOWN")]
    [InlineData(Lifecycle.Unknown, null, "ERROR")]
    public void The_status_says_what_the_control_plane_does_with_it(Lifecycle lifecycle, string? operation, string expected) =>
        Assert.Equal(expected, Derive(lifecycle, operation, Guest("Healthy")).Status);

    [Theory]
    [InlineData(Lifecycle.Ready, null, "RESTART_REQUIRED")]
    [InlineData(Lifecycle.Ready, OperationKinds.UpgradeAgent, "RESTART_REQUIRED")]
    [InlineData(Lifecycle.Ready, OperationKinds.Restart, "REBOOT")]
    [InlineData(Lifecycle.Broken, null, "ERROR")]
    public void A_database_that_waits_for_a_restart_says_so_where_nothing_says_more(Lifecycle lifecycle, string? operation, string expected)
    {
        var status = Derive(lifecycle, operation, Guest("Healthy") with { WaitForRestart = "innodb_open_files" });

        Assert.Equal(expected, status.Status);
        Assert.Equal(expected == "RESTART_REQUIRED" ? "HEALTHY" : "", status.OperatingStatus);
        Assert.Equal(expected == "RESTART_REQUIRED", status.IsActive);
    }

    [Theory]
    [InlineData("Healthy", "HEALTHY")]
    [InlineData("Starting", "RESTARTING")]
    [InlineData("Blocked", "BLOCKED")]
    [InlineData("Stopped", "SHUTDOWN")]
    [InlineData("Crashed", "SHUTDOWN")]
    [InlineData("Unprepared", "ERROR")]
    [InlineData("Unknown", "ERROR")]
    [InlineData("a state of a newer agent", "ERROR")]
    public void The_operating_status_says_how_the_database_is(string state, string expected) =>
        Assert.Equal(expected, Derive(Lifecycle.Ready, null, Guest(state)).OperatingStatus);

    [Theory]
    [InlineData(Lifecycle.Building, null)]
    [InlineData(Lifecycle.Failed, null)]
    [InlineData(Lifecycle.Ready, OperationKinds.Restart)]
    [InlineData(Lifecycle.Ready, OperationKinds.DeleteInstance)]
    public void There_is_no_operating_status_unless_the_instance_is_active(Lifecycle lifecycle, string? operation) =>
        Assert.Equal("", Derive(lifecycle, operation, Guest("Healthy")).OperatingStatus);

    [Theory]
    [InlineData(SilentAfter, "HEALTHY")]
    [InlineData(SilentAfter + 1, "ERROR")]
    public void A_silent_guest_counts_as_not_working(long silentFor, string expected)
    {
        var guest = Guest("Healthy") with { ReadAt = Now, SilentSince = Now - silentFor };
        Assert.Equal(expected, Derive(Lifecycle.Ready, null, guest).OperatingStatus);
    }

    [Fact]
    public void A_guest_that_was_never_heard_of_counts_as_not_working() =>
        Assert.Equal("ERROR", Derive(Lifecycle.Ready, null, null).OperatingStatus);

    [Theory]
    [InlineData(true, true, "HEALTHY")]
    [InlineData(true, false, "ERROR")]
    [InlineData(false, false, "HEALTHY")]
    public void A_slave_works_only_while_it_replicates(bool follows, bool replicating, string expected) =>
        Assert.Equal(
            expected,
            Derive(Lifecycle.Ready, null, Guest("Healthy") with { Follows = follows, Replicating = replicating }).OperatingStatus);

    private static PublicStatus Derive(Lifecycle lifecycle, string? operation, GuestState? guest) =>
        PublicStatus.Derive(new Instance { Lifecycle = lifecycle }, operation, guest, TimeSpan.FromMilliseconds(SilentAfter));

    private static GuestState Guest(string state) => new() { ServerState = state };
}
