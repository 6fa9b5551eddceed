using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteAfterBackup;

/// <summary>
/// An instance is deleted once a last backup of it is complete. The operation holds nothing: the instance serves until its deletion begins,
/// and stays, with a fault that says why, when the backup fails.
/// </summary>
public static class DeleteAfterBackupWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<DeleteAfterBackupState> Define(IIdSource ids) => new()
    {
        Kind = OperationKinds.DeleteAfterBackup,
        Steps = [new AwaitBackup(), new BeginDeletion(ids)],
        Begin = operation => new DeleteAfterBackupState
        {
            BackupId = JsonSerializer.Deserialize<DeleteAfterBackupGoal>(operation.Goal!, JsonSerializerOptions.Web)!.BackupId,
        },
        OnSucceeded = (_, _, _, _) => { },
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The instance was not deleted: {fault.Message}", fault.Details, now),
        OnAbandoned = (unit, operation, _, fault, now) => Abandonment.Tell(unit, operation, fault, now),
    };
}
