using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteBackup;

/// <summary>
/// A backup goes, and before it those that follow on it. The operation owns all of them. Nothing is undone; what could not be deleted says
/// so, and can be asked for again.
/// </summary>
public static class DeleteBackupWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<DeleteBackupState> Define(IObjects store) => new()
    {
        Kind = OperationKinds.DeleteBackup,
        Steps = [new RemoveObjects(new StoredObjects(store))],
        Begin = _ => new DeleteBackupState(),
        OnSucceeded = (_, _, _, _) => { },
        OnTurnedBack = (unit, operation, fault, now) =>
        {
            foreach (var id in GoalOf(operation).BackupIds.Where(id => BackupRows.Find(unit, id) is { Deleted: false }))
            {
                BackupChanges.SetFault(unit, id, BackupState.DeleteFailed, $"Deleting failed: {fault.Message}", now);
            }
        },
        OnAbandoned = (_, _, _, _, _) => { },
    };

    internal static DeleteBackupGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<DeleteBackupGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
}

/// <summary>Nothing to remember: the rows say which are gone.</summary>
public sealed record DeleteBackupState;
