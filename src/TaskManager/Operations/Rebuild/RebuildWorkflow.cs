using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.Rebuild;

/// <summary>
/// An instance's server gets a fresh root disk, or is made anew when it vanished, with the volume and the address that it had. Its quota
/// stays.
/// </summary>
public static class RebuildWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options) => new()
    {
        Kind = OperationKinds.Rebuild,
        Steps = [new StopFormer(guests, options), .. FromTheVolume(compute, guests, access, options)],
        Begin = _ => new BuildState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.SetReady(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The rebuild failed: {fault.Message}", fault.Details, now),
        OnAbandoned = (unit, operation, _, fault, now) =>
        {
            Abandonment.Break(unit, operation, fault, now);
            GuestRows.CloseEnrolment(unit, operation.InstanceId);
        },
    };

    /// <summary>A new server with a new agent, and the database that is on the volume.</summary>
    internal static IEnumerable<Step<BuildState>> FromTheVolume(
        ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options) =>
    [
        new AdmitSuccessor(compute),
        new ReplaceServer(compute, access),
        new AwaitGuest(compute, options),
        new StartAdopted(guests),
    ];
}
