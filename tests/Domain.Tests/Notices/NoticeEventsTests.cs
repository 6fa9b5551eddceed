using Dbaas.Domain.Instances;
using Dbaas.Domain.Notices;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Tests.Notices;

public sealed class NoticeEventsTests
{
    [Theory]
    [InlineData(OperationKinds.CreateInstance, "started", "dbaas.instance_create.start", null)]
    [InlineData(OperationKinds.CreateInstance, "succeeded", "dbaas.instance_create.end", "trove.instance.create")]
    [InlineData(OperationKinds.CreateSlave, "failed", "dbaas.instance_create.error", null)]
    [InlineData(OperationKinds.RestoreInstance, "succeeded", "dbaas.instance_create.end", "trove.instance.create")]
    [InlineData(OperationKinds.DeleteInstance, "succeeded", "dbaas.instance_delete.end", "trove.instance.delete")]
    [InlineData(OperationKinds.ResizeVolume, "succeeded", "dbaas.instance_resize_volume.end", "trove.instance.modify_volume")]
    [InlineData(OperationKinds.ResizeFlavor, "succeeded", "dbaas.instance_resize_instance.end", "trove.instance.modify_flavor")]
    [InlineData(OperationKinds.Restart, "started", "dbaas.instance_restart.start", null)]
    [InlineData(OperationKinds.Reboot, "failed", "dbaas.instance_reboot.error", null)]
    [InlineData(OperationKinds.DetachSlave, "succeeded", "dbaas.instance_detach.end", null)]
    [InlineData(OperationKinds.Migrate, "started", "dbaas.migrate.start", null)]
    [InlineData(OperationKinds.CreateBackup, "succeeded", "dbaas.backup_create.end", null)]
    [InlineData(OperationKinds.DeleteBackup, "started", "dbaas.backup_delete.start", null)]
    public void Operations_have_troves_names(string kind, string outcome, string expected, string? usage)
    {
        var told = NoticeEvents.Of(Entry(kind, outcome));

        Assert.Equal(expected, told);
        Assert.Equal(usage, NoticeEvents.UsageAfter(told!));
    }

    [Theory]
    [InlineData(OperationKinds.DemoteMaster, "succeeded")]
    [InlineData(OperationKinds.VerifyBackup, "started")]
    [InlineData(OperationKinds.CreateInstance, "undone")]
    [InlineData("database-crashed", "seen")]
    public void What_is_nobody_elses_concern_is_not_told(string kind, string outcome) =>
        Assert.Null(NoticeEvents.Of(Entry(kind, outcome)));

    [Fact]
    public void A_step_that_failed_is_not_the_end_of_its_operation() =>
        Assert.Null(NoticeEvents.Of(Entry(OperationKinds.CreateInstance, "failed") with { Step = "Create the server" }));

    private static HistoryEntry Entry(string kind, string outcome) =>
        new() { Id = "h", InstanceId = "i", OperationId = "o", Event = kind, Outcome = outcome };
}
