using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Complete backups, and those of the pages that changed since another.</summary>
internal sealed class MariaDbBackups(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerConnections connections,
    MemberStore member,
    BackupTool tool,
    Restoration restoration) : IBackups
{
    public async Task<BackupDescription> BackUpAsync(BackupRequest request, IObjectWriter objects, CancellationToken cancellationToken)
    {
        var settings = member.Settings ?? throw Faults.Precondition("This instance was not prepared.");
        var parent = request.Parent is { } document ? BackupDocument.Parse(flavor, document) : null;
        if (parent is not null && parent.DataId != settings.ServerId)
        {
            throw Faults.Precondition("The backup that this one is to follow on is of other data: take a full one.");
        }

        var size = OwnedFolder.SizeOf(layout.Data);
        objects.Expect(size);

        // One backup of an instance at a time: what an earlier run left is nobody's.
        var facts = Path.Combine(layout.Temporary, "backup-facts");
        OwnedFolder.Renew(facts, host.UserId);
        try
        {
            string[] since = parent is null ? [] : [$"--incremental-lsn={parent.ToLsn.ToString(CultureInfo.InvariantCulture)}"];
            await objects.WriteAsync(
                (stream, token) => tool.StreamAsync([$"--extra-lsndir={facts}", .. since], stream, token), cancellationToken);
            var done = await DescribeAsync(settings, size, BackupFacts.Read(facts), cancellationToken);
            return parent is null || parent.ToLsn == done.FromLsn
                ? new BackupDescription(done.ToDocument(flavor), size)
                : throw Faults.Transient("The backup tool began elsewhere than the backup before ended.");
        }
        catch (CopyFailedException e)
        {
            throw Faults.Transient($"{e.Message}: {e.Reason}", e);
        }
        finally
        {
            OwnedFolder.Remove(facts);
        }
    }

    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken) =>
        restoration.RestoreAsync(chain, cancellationToken);

    private async Task<BackupDocument> DescribeAsync(
        ServerSettings settings, long size, BackupFacts facts, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        return new BackupDocument
        {
            Datastore = flavor.Name,
            ServerVersion = await session.TextAsync("SELECT @@GLOBAL.version", cancellationToken) ?? "",
            DataId = settings.ServerId,
            FromLsn = facts.FromLsn,
            ToLsn = facts.ToLsn,
            Gtid = facts.Gtid,
            Epoch = member.State.Epoch,
            DatasetBytes = size,
            Shape = await DataShape.ReadAsync(session, cancellationToken),
        };
    }
}
