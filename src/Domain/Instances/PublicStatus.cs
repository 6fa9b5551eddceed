using Dbaas.Domain.Guests;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Instances;

/// <summary>The <c>status</c> and <c>operating_status</c> that users see. Derived, never stored.</summary>
/// <param name="Status">What the control plane does with it, in Trove's words.</param>
/// <param name="OperatingStatus">How the database is, in Trove's words; empty unless it serves.</param>
public readonly record struct PublicStatus(string Status, string OperatingStatus)
{
    /// <summary>
    /// It serves, and can be worked on: a backup of it that is under way is in nobody's way, nor is a wish for a restart.
    /// </summary>
    public bool IsActive => IsServing(Status);

    /// <summary>The one place where the words are chosen.</summary>
    /// <param name="instance">Its row.</param>
    /// <param name="operationKind">The kind of the operation that owns it; null when none does.</param>
    /// <param name="guest">The last that is known of its guest; null when nothing is.</param>
    /// <param name="silentAfter">A guest that was not heard of for so long counts as not working.</param>
    public static PublicStatus Derive(Instance instance, string? operationKind, GuestState? guest, TimeSpan silentAfter)
    {
        var status = (operationKind, instance.Lifecycle) switch
        {
            (OperationKinds.DeleteInstance, _) => "SHUTDOWN",
            (OperationKinds.Rebuild or OperationKinds.Evacuate, Lifecycle.Ready or Lifecycle.Broken) => "BUILD",
            (OperationKinds.EjectMaster, Lifecycle.Ready or Lifecycle.Broken) => "EJECT",
            (_, Lifecycle.Failed or Lifecycle.Broken) => "ERROR",
            (_, Lifecycle.Building) => "BUILD",
            (OperationKinds.Restart or OperationKinds.Reboot, _) => "REBOOT",
            (OperationKinds.ResizeVolume or OperationKinds.ResizeFlavor, _) => "RESIZE",
            (OperationKinds.DetachSlave, _) => "DETACH",
            (OperationKinds.Promote, _) => "PROMOTE",
            (_, Lifecycle.Ready) when instance.RunningBackup is not null => "BACKUP",
            (_, Lifecycle.Ready) when guest is { WaitForRestart.Length: > 0 } => "RESTART_REQUIRED",
            (_, Lifecycle.Ready) => "ACTIVE",
            _ => "ERROR",
        };
        return new(status, IsServing(status) ? Operating(guest, silentAfter) : "");
    }

    private static bool IsServing(string status) => status is "ACTIVE" or "BACKUP" or "RESTART_REQUIRED";

    private static string Operating(GuestState? guest, TimeSpan silentAfter) => guest switch
    {
        null => "ERROR",
        _ when !guest.Answers(silentAfter) => "ERROR",
        { ServerState: "Healthy", Follows: true, Replicating: false } => "ERROR",
        { ServerState: "Healthy" } => "HEALTHY",
        { ServerState: "Starting" } => "RESTARTING",
        { ServerState: "Blocked" } => "BLOCKED",
        { ServerState: "Stopped" or "Crashed" } => "SHUTDOWN",
        _ => "ERROR",
    };
}
