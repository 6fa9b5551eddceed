using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Complete backups, and those of the pages that changed since another.</summary>
internal sealed class MariaDbBackups(
    Flavor flavor, BackupParts parts, Restoration restoration, Restoration ofTroves, TroveAdoption adoption) : IBackups
{
    /// <summary>
    /// A table that a client holds keeps the tool waiting, without an end if it may, and everybody waits behind it who makes or changes a
    /// table.
    /// </summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60);

    public bool FollowByLog => false;

    public Task<BackupDescription> BackUpAsync(BackupRequest request, IObjectWriter objects, CancellationToken cancellationToken)
    {
        var settings = parts.Member.Settings ?? throw Faults.Precondition("This instance was not prepared.");
        var parent = request.Parent is { } document ? MariaDbBackupDocument.Parse(flavor, document) : null;
        if (parent is not null && parent.DataId != settings.ServerId)
        {
            throw Faults.Precondition("The backup that this one is to follow on is of other data: take a full one.");
        }

        return parts.Room.ExplainAsync(() => parts.Scratch.UseAsync(
            facts => BackUpAsync(request.Id, settings, parent, facts, objects, cancellationToken), cancellationToken));
    }

    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken) =>
        chain.Any(backup => TroveBackupDocument.IsOne(backup.Document))
            ? ofTroves.RestoreAsync(chain, folder => adoption.RunAsync(folder, cancellationToken), cancellationToken)
            : restoration.RestoreAsync(chain, cancellationToken);

    public Task<DataFindings> VerifyAsync(IJobProgress progress, CancellationToken cancellationToken) =>
        new DataVerification(flavor, parts).RunAsync(progress, cancellationToken);

    private async Task<BackupDescription> BackUpAsync(
        string id,
        ServerSettings settings,
        MariaDbBackupDocument? parent,
        string facts,
        IObjectWriter objects,
        CancellationToken cancellationToken)
    {
        var size = OwnedFolder.SizeOf(parts.Layout.Data);
        var log = await ReadLogAsync(cancellationToken);
        objects.Expect(size);
        try
        {
            string[] since = parent is null ? [] : [$"--incremental-lsn={parent.ToLsn.ToString(CultureInfo.InvariantCulture)}"];
            string[] options = [$"--extra-lsndir={facts}", $"--startup-wait-timeout={LockPatience.TotalSeconds:0}", .. since];
            var streamed = await objects.WriteAsync(
                (stream, token) => parts.Tool.StreamAsync(options, stream, token), cancellationToken);
            var described = await DescribeAsync(settings, size, streamed, BackupFacts.Read(facts), log, cancellationToken);
            var done = described with { Id = id, Parent = parent?.Id };
            return parent is null || parent.ToLsn == done.FromLsn
                ? new BackupDescription(done.ToDocument(flavor), size)
                : throw Faults.Transient("The backup tool began elsewhere than the backup before ended.");
        }
        catch (CopyFailedException e)
        {
            throw Faults.Transient($"{e.Message}: {e.Reason}", e);
        }
    }

    private async Task<LogAtStart> ReadLogAsync(CancellationToken cancellationToken)
    {
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        return await LogAtStart.ReadAsync(flavor, parts.Member.State, session, cancellationToken);
    }

    private async Task<MariaDbBackupDocument> DescribeAsync(
        ServerSettings settings, long size, long streamed, BackupFacts facts, LogAtStart log, CancellationToken cancellationToken)
    {
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        return new MariaDbBackupDocument
        {
            Datastore = flavor.Name,
            ServerVersion = await session.TextAsync("SELECT @@GLOBAL.version", cancellationToken) ?? "",
            DataId = settings.ServerId,
            FromLsn = facts.FromLsn,
            ToLsn = facts.ToLsn,
            Gtid = facts.Gtid,
            Epoch = log.Epoch,
            Log = log.Position,
            DatasetBytes = size,
            StreamBytes = streamed,
            Shape = await DataShape.ReadAsync(session, cancellationToken),
        };
    }
}
