using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Data from a complete backup, and from those that follow on it.</summary>
internal sealed class Restoration(
    Flavor flavor, DatastoreHost host, ServerLayout layout, MemberStore member, ServerRunner runner, BackupTool tool,
    VolumeRoom room)
{
    public async Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken)
    {
        if (member.Settings is null)
        {
            throw Faults.Precondition("This instance was not prepared.");
        }

        if (layout.HasData)
        {
            return;
        }

        var documents = chain.Select(backup => BackupDocument.Parse(flavor, backup.Document)).ToList();
        BackupChain.Check(documents, member.Settings);
        room.CheckFits(documents[^1].DatasetBytes, "The backup's");
        member.Change(state => state with { Shape = documents[^1].Shape, EpochMarked = false, HoldsCopies = true });
        runner.WriteOptionFile();
        runner.EnsureFolders();

        OwnedFolder.Renew(layout.NewData, host.UserId);
        foreach (var (backup, i) in chain.Select((backup, i) => (backup, i)))
        {
            if (i == 0)
            {
                await UnpackAsync(backup, layout.NewData, cancellationToken);
                await tool.PrepareAsync(layout.NewData, changes: null, cancellationToken);
            }
            else
            {
                OwnedFolder.Renew(layout.ChangedData, host.UserId);
                await UnpackAsync(backup, layout.ChangedData, cancellationToken);
                await tool.PrepareAsync(layout.NewData, layout.ChangedData, cancellationToken);
                OwnedFolder.Remove(layout.ChangedData);
            }
        }

        // The data is never restored again once it has its name: so it is on the disk before.
        new WriteBehind(layout.NewData).Finish();
        Directory.Move(layout.NewData, layout.Data);
    }

    private async Task UnpackAsync(StoredBackup backup, string folder, CancellationToken cancellationToken)
    {
        var disk = new WriteBehind(folder);
        await backup.Objects.ReadAsync((stream, token) => tool.UnpackAsync(stream, folder, disk, token), cancellationToken);
        disk.Finish();
    }
}
