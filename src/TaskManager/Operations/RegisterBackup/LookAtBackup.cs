using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.RegisterBackup;

/// <summary>What the other service wrote beside the data, and whether the one that it follows on is known here.</summary>
internal sealed class LookAtBackup(IForeignObjects store, BackupOptions options) : Step<RegisterBackupState>
{
    public override string Name => "look at backup";

    public override async Task<StepOutcome<RegisterBackupState>> EnsureAsync(
        StepContext context, RegisterBackupState state, CancellationToken cancellationToken)
    {
        var (backup, datastore) = await context.ReadAsync(
            unit =>
            {
                var row = BackupRows.Find(unit, context.Operation.Subject.Id)!;
                return (row, CatalogRows.Version(unit, row.DatastoreVersionId)?.DatastoreName ?? "");
            },
            cancellationToken);
        if (await store.FindAsync(backup.Location!, cancellationToken) is not { } found)
        {
            return Failed($"There is no object at {backup.Location}.");
        }

        var parent = ForeignBackup.ParentOf(found) is { } at
            ? await context.ReadAsync(unit => BackupRows.AtLocation(unit, backup.TenantId, at), cancellationToken)
            : null;
        var known = ForeignBackup.Of(backup.Location!, found, datastore, parent, options.PartBytes, out var fault);
        if (known is null)
        {
            return Failed(fault!);
        }

        if (parent is not null && backup.ParentId is null
            && await context.ReadAsync(unit => BackupRows.Chain(unit, parent.Id).Count, cancellationToken) >= BackupRows.LongestChain)
        {
            return Failed($"It follows on {BackupRows.LongestChain} others, one on the other: more are not restored here.");
        }

        return parent is null || backup.ParentId is not null || await FollowAsync(context, backup, parent, cancellationToken)
            ? Done(state with { Found = known })
            : Again("The backup that it follows on has changed.");
    }

    private static Task<bool> FollowAsync(StepContext context, Backup backup, Backup parent, CancellationToken cancellationToken) =>
        context.WriteAsync(unit => BackupChanges.TryFollow(unit, backup.Id, parent.Id), cancellationToken);
}
