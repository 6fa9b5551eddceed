using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Operations.Rebuild;

namespace Dbaas.TaskManager.Operations.Evacuate;

/// <summary>
/// An instance whose host is dead goes on elsewhere, with the volume and the address that it had. That the host is dead is the plane's to
/// say.
/// </summary>
public static class EvacuateWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options) => new()
    {
        Kind = OperationKinds.Evacuate,
        Steps = [new EvacuateServer(compute, options), .. RebuildWorkflow.FromTheVolume(compute, guests, access, options)],
        Begin = _ => new BuildState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.SetReady(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The evacuation failed: {fault.Message}", fault.Details, now),
        OnAbandoned = (unit, operation, _, fault, now) =>
        {
            Abandonment.Break(unit, operation, fault, now);
            GuestRows.CloseEnrolment(unit, operation.InstanceId);
        },
    };
}
