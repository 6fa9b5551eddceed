using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// A physical backup, streamed from agent to agent while the master goes on serving. Nothing is staged: each reading runs the tool anew,
/// but for slaves that were asked for together.
/// The tool knows its position only at the end, and writes it into the stream.
/// </summary>
internal sealed class BackupStreamTransfer(DatastoreHost host, ServerLayout layout, BackupTool tool) : IDataTransfer
{
    /// <summary>Slaves of one request are made side by side: their servers start within about that time.</summary>
    private static readonly TimeSpan GatherFor = TimeSpan.FromSeconds(30);

    /// <summary>More than a disk needs to write what is on its way; less than the others would wait.</summary>
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromMinutes(1);

    private readonly SharedRuns _shared = new(host.Time, GatherFor, ReaderPatience);

    /// <summary>By snapshot.</summary>
    private readonly FailedCopies _failed = new();

    public string Format => "mbstream";

    public bool NeedsReader => false;

    public Task<bool> CanOfferAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<(string Href, string? Token)> OfferAsync(
        string snapshotId, OpenSnapshot snapshot, CancellationToken cancellationToken)
    {
        var left = snapshot.OpenUntil - host.Time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            throw Faults.Precondition("The offer of this snapshot is over; ask for a new one.");
        }

        var offer = new PeerStreamOffer(snapshotId, snapshot.SlaveAddress, snapshot.SlaveId, left);
        var address = await host.PeerStreams.OfferAsync(
            offer, (stream, token) => WriteAsync(snapshotId, snapshot.Group, stream, token), cancellationToken);
        return (address.Href.ToString(), address.Token);
    }

    public Task CloseAsync(string snapshotId, OpenSnapshot? snapshot, CancellationToken cancellationToken)
    {
        _failed.Forget(snapshotId);
        return host.PeerStreams.CloseAsync(snapshotId);
    }

    public async Task<string> LoadAsync(SnapshotDocument snapshot, IJobProgress progress, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(layout.NewData, host.UserId);
        var address = new PeerStreamAddress(
            new Uri(snapshot.Dataset.SnapshotHref), snapshot.Dataset.Token ?? "", snapshot.Master.InstanceId);
        var disk = new WriteBehind(layout.NewData, passed: progress.Advance);
        await host.PeerStreams.ReadAsync(
            address, (stream, token) => tool.UnpackAsync(stream, layout.NewData, disk, token), cancellationToken);
        await tool.PrepareAsync(layout.NewData, changes: null, cancellationToken);
        var position = BackupTool.ReadPosition(layout.NewData);

        // The data is never loaded again once it has its name: so it is on the disk before.
        disk.Finish();
        return position;
    }

    private async Task WriteAsync(string snapshotId, SlaveGroup? group, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await (group is { Size: > 1 }
                ? _shared.ReadAsync(group, output, (stream, token) => tool.StreamAsync([], stream, token), cancellationToken)
                : tool.StreamAsync([], output, cancellationToken));
        }
        catch (CopyFailedException e)
        {
            throw _failed.Note(snapshotId, e.Message, e.Reason);
        }

        _failed.Forget(snapshotId);
    }
}
