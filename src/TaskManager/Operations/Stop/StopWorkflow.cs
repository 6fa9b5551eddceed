using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Stop;

/// <summary>The database server stops, and stays stopped until it is restarted.</summary>
public static class StopWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<SingleCommandState> Define(GuestCommands guests) => new()
    {
        Kind = OperationKinds.StopDatabase,
        Steps = [new SingleCommand("stop database", _ => new StopServer(), guests)],
        Begin = _ => new SingleCommandState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The database could not be stopped: {fault.Message}", fault.Details, now),
    };
}
