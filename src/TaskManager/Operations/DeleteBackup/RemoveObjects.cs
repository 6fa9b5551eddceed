using System.Text.Json;
using Dbaas.Domain.Quotas;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.DeleteBackup;

/// <summary>One after the other: its objects, then its row and its place in the quota.</summary>
internal sealed class RemoveObjects(StoredObjects objects) : Step<DeleteBackupState>
{
    public override string Name => "remove objects";

    public override TimeSpan TimeLimit => TimeSpan.FromHours(1);

    public override async Task<StepOutcome<DeleteBackupState>> EnsureAsync(
        StepContext context, DeleteBackupState state, CancellationToken cancellationToken)
    {
        foreach (var id in DeleteBackupWorkflow.GoalOf(context.Operation).BackupIds)
        {
            if (await context.ReadAsync(unit => BackupRows.Find(unit, id), cancellationToken) is not { Deleted: false } backup)
            {
                continue;
            }

            // What another service stored stays where it is.
            var known = backup is { Objects: { } list, Location: null }
                ? JsonSerializer.Deserialize<ObjectList>(list, ProtocolJson.Options)
                : null;
            await objects.DeleteAllAsync(backup.Place, known, cancellationToken);
            await context.WriteAsync(
                unit =>
                {
                    if (BackupChanges.Bury(unit, backup, context.Now))
                    {
                        BackupChanges.SweepAt(unit, id, context.Now + (long)StoredObjects.LateFor.TotalMilliseconds);
                        QuotaRows.GiveBack(unit, backup.TenantId, QuotaResources.Backups, 1);
                    }
                },
                cancellationToken);
        }

        return Done(state);
    }
}
