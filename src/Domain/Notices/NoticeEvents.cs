using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Notices;

/// <summary>What operations are called where Trove's notifications are read.</summary>
public static class NoticeEvents
{
    /// <summary>The event that a line of history is; null: nobody else is told of it.</summary>
    public static string? Of(HistoryEntry entry) =>
        entry is { Step: null, OperationId: not null } && NameOf(entry.Event) is { } name && EndingOf(entry.Outcome) is { } ending
            ? $"dbaas.{name}.{ending}"
            : null;

    /// <summary>The event for those who account for use, which follows on it; null: none does.</summary>
    public static string? UsageAfter(string @event) => @event switch
    {
        "dbaas.instance_create.end" => "trove.instance.create",
        "dbaas.instance_resize_volume.end" => "trove.instance.modify_volume",
        "dbaas.instance_resize_instance.end" => "trove.instance.modify_flavor",
        "dbaas.instance_delete.end" => "trove.instance.delete",
        _ => null,
    };

    private static string? NameOf(string kind) => kind switch
    {
        OperationKinds.CreateInstance or OperationKinds.RestoreInstance or OperationKinds.CreateSlave => "instance_create",
        OperationKinds.DeleteInstance => "instance_delete",
        OperationKinds.Restart => "instance_restart",
        OperationKinds.Reboot => "instance_reboot",
        OperationKinds.ResizeVolume => "instance_resize_volume",
        OperationKinds.ResizeFlavor => "instance_resize_instance",
        OperationKinds.DetachSlave => "instance_detach",
        OperationKinds.Promote => "instance_promote",
        OperationKinds.EjectMaster => "instance_eject",
        OperationKinds.Migrate => "migrate",
        OperationKinds.CreateBackup => "backup_create",
        OperationKinds.DeleteBackup => "backup_delete",
        _ => null,
    };

    private static string? EndingOf(string outcome) => outcome switch
    {
        "started" => "start",
        "succeeded" => "end",
        "failed" => "error",
        _ => null,
    };
}
