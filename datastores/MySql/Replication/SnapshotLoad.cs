using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Slave: makes the data from what the master offers, or from a backup of that. Beside the agent's calls: no server runs on data that is
/// not there.
/// </summary>
internal sealed class SnapshotLoad(
    Flavor flavor,
    ServerLayout layout,
    MemberStore member,
    ServerRunner runner,
    IDataTransfer transfer,
    IBackedUpData backups,
    DataOnItsWay onItsWay,
    VolumeRoom room)
{
    /// <summary>Nothing to do when there is data.</summary>
    public Task LoadAsync(
        OpaqueDocument document, IReadOnlyList<StoredBackup> chain, IJobProgress progress, CancellationToken cancellationToken)
    {
        var snapshot = SnapshotDocument.Parse(flavor, document);
        if (member.Settings is not { } settings)
        {
            throw Faults.Precondition("This instance was not prepared.");
        }

        return onItsWay.MakeAsync(() => layout.HasData
            ? Task.CompletedTask
            : room.ExplainAsync(() => LoadAsync(snapshot, settings, chain, progress, cancellationToken)));
    }

    private async Task LoadAsync(
        SnapshotDocument snapshot,
        ServerSettings settings,
        IReadOnlyList<StoredBackup> chain,
        IJobProgress progress,
        CancellationToken cancellationToken)
    {
        if (!snapshot.HasData)
        {
            throw Faults.Precondition("This instance has no data, and the master's document is for one that has the set's data already.");
        }

        if (snapshot.BackupId != (chain.Count > 0 ? chain[^1].Id : null))
        {
            throw Faults.Precondition("The master chose another backup for the data of this slave than it is to be made from.");
        }

        OwnedFolder.Remove(layout.NewData);
        room.CheckFits(snapshot.Dataset.DatasetBytes, "The master's");
        DataShape.Check(snapshot.Shape, settings, "The master's");
        member.Change(state => state with { Shape = snapshot.Shape });
        runner.WriteOptionFile();

        // Data that is not there any more cannot have a server, a log, or anything received.
        await runner.StopAsync(cancellationToken);
        OwnedFolder.Remove(layout.BinaryLog);
        OwnedFolder.Remove(layout.RelayLog);
        runner.EnsureFolders();

        var loaded = chain.Count > 0
            ? await backups.LoadAsync(chain, cancellationToken)
            : await CopyAsync(snapshot, progress, cancellationToken);
        member.Change(state => state with
        {
            LogOn = true,
            Epoch = snapshot.Epoch,
            EpochMarked = true,
            Following = snapshot.ToSource() with
            {
                Fresh = true, LoadedGtid = flavor.Gtids.Merge(snapshot.BinlogPosition.State, loaded),
            },
        });
        runner.WriteOptionFile();
        Directory.Move(layout.NewData, layout.Data);
    }

    private Task<string> CopyAsync(SnapshotDocument snapshot, IJobProgress progress, CancellationToken cancellationToken)
    {
        progress.Expect(snapshot.Dataset.DatasetBytes);
        return transfer.LoadAsync(snapshot, progress, cancellationToken);
    }
}
