using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>
/// A backup that is complete by itself has the project's own key, or one that is made for it; those that follow on it have the same.
/// </summary>
internal sealed class MakeKey(IKeyMaker keys, BackupOptions options) : Step<CreateBackupState>
{
    public override string Name => "make key";

    public override async Task<StepOutcome<CreateBackupState>> EnsureAsync(
        StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        var (backup, parent, identity, own) = await context.ReadAsync(
            unit =>
            {
                var row = BackupRows.Find(unit, id)!;
                return (row, row.ParentId is { } before ? BackupRows.Find(unit, before) : null,
                    row.ParentId is null ? null : BackupRows.Identity(unit, row.ParentId), ProjectKeyRows.Find(unit, row.TenantId));
            },
            cancellationToken);
        if (backup.Recipients.Length > 0)
        {
            return Done(state);
        }

        if (backup.ParentId is not null && (parent is not { Recipients.Length: > 0 } || (identity is null && !parent.OwnKey)))
        {
            return Failed("The key of the backup that it follows on is gone: take a full one.");
        }

        var (recipients, secret) = parent is null
            ? await options.SealAsync(own, keys, cancellationToken)
            : (parent.Recipients, identity);
        await context.WriteAsync(
            unit =>
            {
                BackupChanges.SetKeys(unit, id, recipients, secret);
                BackupChanges.SetState(unit, id, BackupState.Building, context.Now);
            },
            cancellationToken);
        return Done(state);
    }
}
