using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>MariaDB: all pages, and then those that changed.</summary>
internal class MariaDbRestore(Flavor flavor, DatastoreHost host, ServerLayout layout, BackupTool tool) : IRestoreSteps
{
    public virtual RestorePlan Plan(IReadOnlyList<StoredBackup> chain)
    {
        var documents = chain.Select(backup => MariaDbBackupDocument.Parse(flavor, backup.Document)).ToList();
        if (documents.Count == 0 || documents[0].FromLsn != 0)
        {
            throw Faults.Precondition("The first backup of the chain is not a full one.");
        }

        if (documents.Zip(documents.Skip(1)).Any(
            pair => pair.Second.DataId != pair.First.DataId || pair.Second.FromLsn != pair.First.ToLsn
                || (pair.Second.Parent is { } parent && parent != pair.First.Id)))
        {
            throw Faults.Precondition("A backup of the chain does not follow on the one before it.");
        }

        return RestorePlan.Of(documents[^1].Shape, [.. documents.Select(one => (one.DatasetBytes, one.StreamBytes))]);
    }

    public async Task LoadAsync(StoredBackup backup, string folder, CancellationToken cancellationToken)
    {
        await UnpackAsync(backup, folder, cancellationToken);
        await tool.PrepareAsync(folder, changes: null, cancellationToken, isAsWritten: true);
    }

    public async Task FollowAsync(StoredBackup backup, string folder, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(layout.ChangedData, host.UserId);
        await UnpackAsync(backup, layout.ChangedData, cancellationToken);
        await tool.PrepareAsync(folder, layout.ChangedData, cancellationToken, isAsWritten: true);
        OwnedFolder.Remove(layout.ChangedData);
    }

    /// <summary>The data does not say what its log said.</summary>
    public virtual string? Holds(StoredBackup backup) => MariaDbBackupDocument.Parse(flavor, backup.Document).Gtid ?? "";

    public virtual BackupPlace PlaceOf(IReadOnlyList<OpaqueDocument> chain)
    {
        var last = MariaDbBackupDocument.Parse(flavor, chain[^1]);
        return new BackupPlace(
            last.Epoch, last.Log is { } log ? flavor.Gtids.Merge(log.State, last.Gtid ?? "") : null, last.Log, AgainBytes: 0);
    }

    private async Task UnpackAsync(StoredBackup backup, string folder, CancellationToken cancellationToken)
    {
        var disk = new WriteBehind(folder);
        await backup.Objects.ReadAsync((stream, token) => tool.UnpackAsync(stream, folder, disk, token), cancellationToken);
        disk.Finish();
        CheckUnpacked(backup, folder);
    }

    /// <summary>What was unpacked is what its description says. Of our own that is known: each part has a hash.</summary>
    /// <exception cref="DatastoreException">Permanent: it is not.</exception>
    protected virtual void CheckUnpacked(StoredBackup backup, string folder)
    {
    }
}
