using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteAfterBackup;

/// <summary>
/// Begins the deletion, by the rules of every other one, in a unit that also sees that the backup is still there. What has the instance
/// ends first.
/// </summary>
internal sealed class BeginDeletion(IIdSource ids) : Step<DeleteAfterBackupState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "begin deletion";

    // As long as a deletion waits for what has the instance.
    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(45);

    public override async Task<StepOutcome<DeleteAfterBackupState>> EnsureAsync(
        StepContext context, DeleteAfterBackupState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var (instance, isDeleted) = await context.ReadAsync(
            unit => (InstanceRows.Find(unit, id), Deletions.IsUnderWay(unit, id)), cancellationToken);
        if (state.IsBegun || isDeleted)
        {
            return Done(state);
        }

        if (instance!.DeletionProtection)
        {
            return Failed("It was protected from deletion meanwhile.");
        }

        if (instance.SlaveCount > 0)
        {
            return Failed("It has replicas: detach them before deleting their source.");
        }

        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        return await context.WriteAsync(unit => Begin(unit, context, state, instance, operationId, historyId), cancellationToken) switch
        {
            null => Failed("Its last backup is gone, or is being deleted."),
            true => Done(state with { IsBegun = true }),
            false => NotYet(state, LookAgain),
        };
    }

    /// <returns>Null: there is no such backup any more; false: somebody has the instance, or it has changed.</returns>
    private static bool? Begin(
        IUnit unit, StepContext context, DeleteAfterBackupState state, Instance instance, string operationId, string historyId)
    {
        if (!BackupChanges.TryRelyOn(unit, state.BackupId))
        {
            return null;
        }

        if (!LockRows.TryOwn(unit, instance.Id, operationId, onlyReady: false, onlyWithoutSlaves: true, instance.Version))
        {
            return false;
        }

        var goal = JsonSerializer.Serialize(new LeaveMasterGoal(instance.SlaveOfId));
        OperationRows.Insert(unit, operationId, OperationKinds.DeleteInstance, instance.Id, goal, context.Now);
        HistoryRows.Add(
            unit, HistoryEntry.Started(historyId, instance.Id, OperationKinds.DeleteInstance, operationId, context.Now));
        context.Remember(unit, state with { IsBegun = true });
        return true;
    }
}
