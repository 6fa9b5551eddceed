using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Complete backups, from a copy of the data that the server makes on the volume, and those of the binary log since another.
/// </summary>
internal sealed class MySqlBackups(
    Flavor flavor, BackupParts parts, LocalClone clone, BinaryLogs logs, Archive archive, Restoration restoration) : IBackups
{
    public bool FollowByLog => true;

    public Task<BackupDescription> BackUpAsync(BackupRequest request, IObjectWriter objects, CancellationToken cancellationToken)
    {
        var settings = parts.Member.Settings ?? throw Faults.Precondition("This instance was not prepared.");
        var parent = request.Parent is { } document ? MySqlBackupDocument.Parse(flavor, document) : null;
        if (parent is not null)
        {
            Check(parent, settings);
        }

        return parts.Room.ExplainAsync(() => parts.Scratch.UseAsync(
            folder => parent is null
                ? CompleteAsync(settings, folder, objects, cancellationToken)
                : FollowingAsync(settings, parent, folder, objects, cancellationToken),
            cancellationToken));
    }

    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken) =>
        restoration.RestoreAsync(chain, cancellationToken);

    public Task<DataFindings> VerifyAsync(IJobProgress progress, CancellationToken cancellationToken) =>
        new DataVerification(flavor, parts).RunAsync(progress, cancellationToken);

    private void Check(MySqlBackupDocument parent, ServerSettings settings)
    {
        if (parent.DataId != settings.ServerId)
        {
            throw Faults.Precondition("The backup that this one is to follow on is of other data: take a full one.");
        }

        if (!settings.LogAlways)
        {
            throw Faults.Precondition(
                "A backup of MySQL that follows on another one is made from the binary log, which this instance does not always keep "
                    + "(binary_log: always): take a full one.");
        }

        if (parent.Epoch != parts.Member.State.Epoch)
        {
            throw Faults.Precondition("The binary log was off, or is another one, since the backup before: take a full one.");
        }
    }

    private async Task<BackupDescription> CompleteAsync(
        ServerSettings settings, string scratch, IObjectWriter objects, CancellationToken cancellationToken)
    {
        MySqlBackupDocument made;
        await using (var session = await parts.Connections.OpenAsync(cancellationToken))
        {
            if (settings.LogAlways)
            {
                // What follows on this one begins here.
                await BinaryLogs.CloseFileAsync(session, cancellationToken);
            }

            var gtid = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
            made = await DescribeAsync(session, settings, gtid, follows: null, cancellationToken);
        }

        var copy = Path.Combine(scratch, "data");
        await parts.Room.WhileThereIsAsync(
            async token =>
            {
                await clone.MakeAsync(copy, token);
                made = made with { StreamBytes = await SendAsync(copy, objects, token) };
            },
            parts.Host.Time,
            cancellationToken);
        return new BackupDescription(made.ToDocument(flavor), made.DatasetBytes);
    }

    private async Task<BackupDescription> FollowingAsync(
        ServerSettings settings, MySqlBackupDocument parent, string scratch, IObjectWriter objects, CancellationToken cancellationToken)
    {
        MySqlBackupDocument made;
        await using (var session = await parts.Connections.OpenAsync(cancellationToken))
        {
            var since = await BinaryLogs.SinceAsync(session, parent.Gtid, cancellationToken);
            await logs.KeepAsync(since, scratch, cancellationToken);
            made = await DescribeAsync(session, settings, since.Gtid, parent.Gtid, cancellationToken);
        }

        made = made with { StreamBytes = await SendAsync(scratch, objects, cancellationToken) };
        return new BackupDescription(made.ToDocument(flavor), made.DatasetBytes);
    }

    private Task<long> SendAsync(string folder, IObjectWriter objects, CancellationToken cancellationToken)
    {
        objects.Expect(OwnedFolder.SizeOf(folder));
        return objects.WriteAsync((stream, token) => archive.PackAsync(folder, stream, token), cancellationToken);
    }

    private async Task<MySqlBackupDocument> DescribeAsync(
        Session session, ServerSettings settings, string gtid, string? follows, CancellationToken cancellationToken)
    {
        var log = await LogAtStart.ReadAsync(flavor, parts.Member.State, session, cancellationToken);
        return new MySqlBackupDocument
        {
            Datastore = flavor.Name,
            ServerVersion = await session.TextAsync("SELECT @@GLOBAL.version", cancellationToken) ?? "",
            DataId = settings.ServerId,
            Follows = follows,
            Gtid = gtid,
            Epoch = log.Epoch,
            Log = log.Position,
            DatasetBytes = OwnedFolder.SizeOf(parts.Layout.Data),
            StreamBytes = 0,
            Shape = await DataShape.ReadAsync(session, cancellationToken),
        };
    }
}
