using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.Reboot;

/// <summary>The whole server of an instance is rebooted, its database stopped in good order before.</summary>
public static class RebootWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ServerWorkState> Define(ICompute compute, GuestCommands guests) => new()
    {
        Kind = OperationKinds.Reboot,
        Steps = [new StopDatabase(guests), new RebootServer(compute), new StartDatabase(guests)],
        Begin = _ => new ServerWorkState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The reboot failed: {fault.Message}", fault.Details, now),
    };
}
