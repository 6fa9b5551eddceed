using Dbaas.Domain.Backups;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteAfterBackup;

/// <summary>Waits until the last backup is complete, or somebody deletes the instance without it.</summary>
internal sealed class AwaitBackup : Step<DeleteAfterBackupState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "await backup";

    // A little longer than a backup may take.
    public override TimeSpan TimeLimit => TimeSpan.FromHours(26);

    public override async Task<StepOutcome<DeleteAfterBackupState>> EnsureAsync(
        StepContext context, DeleteAfterBackupState state, CancellationToken cancellationToken)
    {
        var (backup, isDeleted) = await context.ReadAsync(
            unit => (BackupRows.Find(unit, state.BackupId), Deletions.IsUnderWay(unit, context.Operation.InstanceId)), cancellationToken);
        return backup switch
        {
            _ when isDeleted => Done(state with { IsBegun = true }),
            { Deleted: false, State: BackupState.Completed } => Done(state),
            { Deleted: false, State: BackupState.Failed or BackupState.DeleteFailed } =>
                Failed($"Its last backup failed. {backup.FaultMessage}"),
            { Deleted: false } => NotYet(state, LookAgain),
            _ => Failed("Its last backup was deleted."),
        };
    }
}
