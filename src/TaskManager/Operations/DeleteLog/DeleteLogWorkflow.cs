using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteLog;

/// <summary>
/// An archived log goes that no backup needs. The operation owns it. Nothing is undone; what could not be deleted is tried again by another
/// operation.
/// </summary>
public static class DeleteLogWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<DeleteLogState> Define(IObjects store) => new()
    {
        Kind = OperationKinds.DeleteLog,
        Steps = [new RemoveLog(new StoredObjects(store))],
        Begin = _ => new DeleteLogState(),
        OnSucceeded = (unit, operation, _, now) =>
            ArchivedLogChanges.Bury(unit, operation.Subject.Id, now + (long)StoredObjects.LateFor.TotalMilliseconds),
        OnTurnedBack = (_, _, _, _) => { },
        OnAbandoned = (_, _, _, _, _) => { },
    };
}

/// <summary>Nothing to remember: the row says whether it is gone.</summary>
public sealed record DeleteLogState;
