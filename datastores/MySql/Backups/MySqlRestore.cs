using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>MySQL: a copy of the data, and then what the binary log says.</summary>
internal sealed class MySqlRestore(Flavor flavor, DatastoreHost host, ServerLayout layout, Archive archive, LogReplay replay)
    : IRestoreSteps
{
    public RestorePlan Plan(IReadOnlyList<StoredBackup> chain)
    {
        var documents = chain.Select(backup => MySqlBackupDocument.Parse(flavor, backup.Document)).ToList();
        if (documents.Count == 0 || documents[0].Follows is not null)
        {
            throw Faults.Precondition("The first backup of the chain is not a full one.");
        }

        if (documents.Zip(documents.Skip(1)).Any(
            pair => pair.Second.DataId != pair.First.DataId || pair.Second.Follows != pair.First.Gtid))
        {
            throw Faults.Precondition("A backup of the chain does not follow on the one before it.");
        }

        return RestorePlan.Of(documents[^1].Shape, [.. documents.Select(one => (one.DatasetBytes, one.StreamBytes))]);
    }

    public Task LoadAsync(StoredBackup backup, string folder, CancellationToken cancellationToken) =>
        backup.Objects.ReadAsync((stream, token) => archive.UnpackAsync(stream, folder, token), cancellationToken);

    public string? Holds(StoredBackup backup) => null;

    public BackupPlace PlaceOf(IReadOnlyList<OpaqueDocument> chain)
    {
        var documents = chain.Select(document => MySqlBackupDocument.Parse(flavor, document)).ToList();
        return new BackupPlace(
            documents[^1].Epoch, documents[^1].Gtid, documents[^1].Log, documents.Skip(1).Sum(document => document.StreamBytes));
    }

    public async Task FollowAsync(StoredBackup backup, string folder, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(layout.ChangedData, host.UserId);
        await backup.Objects.ReadAsync(
            (stream, token) => archive.UnpackAsync(stream, layout.ChangedData, token), cancellationToken);
        var document = MySqlBackupDocument.Parse(flavor, backup.Document);
        await replay.RunAsync(folder, layout.ChangedData, document.Gtid, cancellationToken);
        OwnedFolder.Remove(layout.ChangedData);
    }
}
