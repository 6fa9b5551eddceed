using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>What was written is compared with what is in the store; then the manifest makes a backup of it.</summary>
internal sealed class WriteManifest(IObjects store, StoredObjects objects) : Step<CreateBackupState>
{
    public override string Name => "write manifest";

    public override async Task<StepOutcome<CreateBackupState>> EnsureAsync(
        StepContext context, CreateBackupState state, CancellationToken cancellationToken)
    {
        var (backup, version) = await context.ReadAsync(
            unit =>
            {
                var row = BackupRows.Find(unit, context.Operation.Subject.Id)!;
                return (row, CatalogRows.Version(unit, row.DatastoreVersionId)!);
            },
            cancellationToken);
        var made = state.Made!;
        if (await objects.CheckAsync(backup.Place, made.Objects, cancellationToken) is { } wrong)
        {
            return Failed($"The backup is not whole. {wrong}");
        }

        await store.WriteAsync(Manifest.At(backup.Place), ToManifest(backup, version, state).ToBytes(), cancellationToken);
        await objects.KeepOnlyAsync(backup.Place, made.Objects, cancellationToken);
        return Done(state);
    }

    private static Manifest ToManifest(Backup backup, DatastoreVersion version, CreateBackupState state) => new()
    {
        BackupId = backup.Id,
        ParentId = backup.ParentId,
        InstanceId = backup.InstanceId,
        Datastore = version.DatastoreName,
        DatastoreVersion = version.Name,
        Created = DateTimeOffset.FromUnixTimeMilliseconds(backup.Created),
        Recipients = backup.Recipients.Split(' '),
        Objects = state.Made!.Objects,
        DatasetBytes = state.Made.DatasetBytes,
        DocumentKind = state.Made.Document.Kind,
        Document = state.Made.Document.Payload,
    };
}
