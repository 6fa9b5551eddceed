using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Restart;

/// <summary>The database server stops and starts. The operation owns the instance.</summary>
public static class RestartWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<SingleCommandState> Define(GuestCommands guests) => new()
    {
        Kind = OperationKinds.Restart,
        // By the operation's id: a second try, after a start that took too long, does not stop the database again.
        Steps = [new SingleCommand("restart database", operation => new RestartServer { RestartId = operation.Id }, guests)],
        Begin = _ => new SingleCommandState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The restart failed: {fault.Message}", fault.Details, now),
    };
}
