using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>The binary log, archived while it is written; and data made of backups and of that.</summary>
internal sealed class LogArchive(Flavor flavor, BackupParts parts, LogKeeper keeper, MomentRestore restore) : ILogArchive
{
    /// <summary>What is being committed has its moment already, and is not in the log yet.</summary>
    private static readonly TimeSpan CommitWithin = TimeSpan.FromSeconds(2);

    public async Task ArchiveAsync(ArchiveRequest request, ILogWriter log, CancellationToken cancellationToken)
    {
        var (time, started) = (parts.Host.Time, parts.Host.Time.GetTimestamp());
        var (tail, gap) = await OpenAsync(request, cancellationToken);
        using (tail)
        {
            await log.BeginAsync(tail.Place.ToPlace(flavor), gap, cancellationToken);
            while (true)
            {
                var (looked, began, file) = (time.GetUtcNow(), time.GetTimestamp(), tail.Place.File);
                if (await tail.CatchUpAsync(log, request.MostBytes, () => PositionAsync(cancellationToken), cancellationToken))
                {
                    var isAtRest = tail.Rest();
                    log.WholeUntil(looked - CommitWithin, () => time.GetUtcNow() is var now && isAtRest() ? now - CommitWithin : null);
                }

                if (tail.Place.File != file)
                {
                    await PurgeAsync(tail.Place.File, cancellationToken);
                }

                var left = request.For - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    return;
                }

                // From look to look: what a part takes on its way is not added.
                var pause = request.Every - time.GetElapsedTime(began);
                await Task.Delay(left < pause ? left : pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, cancellationToken);
            }
        }
    }

    public Task<ReachedMoment> RestoreAsync(
        IReadOnlyList<StoredBackup> chain, IReadOnlyList<StoredLog> logs, RestoreTarget target, CancellationToken cancellationToken) =>
        restore.RestoreAsync(chain, logs, target, cancellationToken);

    private async Task<(LogTail Tail, string? Gap)> OpenAsync(ArchiveRequest request, CancellationToken cancellationToken)
    {
        var settings = parts.Member.Settings ?? throw Faults.Precondition("This instance was not prepared.");
        if (parts.Member.State is not { LogOn: true, Following: null, Epoch: { } epoch } || !settings.LogAlways)
        {
            throw Faults.Precondition(
                "The binary log of this instance is not always on (binary_log: always), or is that of its master: it cannot be archived.");
        }

        var after = request.After is { } document ? LogPlaceDocument.Parse(flavor, document) : null;
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        await keeper.KeepAsync(session, request.KeepFor, cancellationToken);
        var names = await LogKeeper.NamesAsync(session, cancellationToken);
        var gap = after is null ? null : WhyNot(after, settings, epoch, names);
        if (after is not null && gap is null)
        {
            if (await LogTail.OpenAsync(flavor, parts.Layout, after, cancellationToken) is { } tail)
            {
                await keeper.PurgeArchivedAsync(session, after.File, cancellationToken);
                return (tail, null);
            }

            gap = $"The file {after.File} of the binary log is not the one that was archived.";
        }

        // All that is there, if something is missing before it; else what is logged now.
        var first = gap is null ? names[^1] : names[0];
        var place = new LogPlaceDocument
        {
            Datastore = flavor.Name,
            DataId = settings.ServerId,
            Epoch = epoch,
            File = first,
            FileMade = 0,
            Offset = 0,
            Gtid = await flavor.LoggedBeforeAsync(session, first, cancellationToken),
        };
        return (await LogTail.BeginAsync(flavor, parts.Layout, place, first, cancellationToken), gap);
    }

    private static string? WhyNot(LogPlaceDocument after, ServerSettings settings, string epoch, IReadOnlyList<string> names) =>
        after.DataId != settings.ServerId ? "What was archived before is of other data."
        : after.Epoch != epoch ? "The binary log was off, or was begun anew, since the archive before."
        : !names.Contains(after.File) ? $"The file {after.File} of the binary log, and those before it, are gone."
        : null;

    private async Task<LogPosition> PositionAsync(CancellationToken cancellationToken)
    {
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        return await flavor.ReadPositionAsync(session, cancellationToken);
    }

    private async Task PurgeAsync(string file, CancellationToken cancellationToken)
    {
        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        await keeper.PurgeArchivedAsync(session, file, cancellationToken);
    }
}
