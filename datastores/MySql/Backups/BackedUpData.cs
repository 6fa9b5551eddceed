using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>The data of a slave from a backup of its master's, whose log goes on from there.</summary>
internal sealed class BackedUpData(Flavor flavor, BackupParts parts, IRestoreSteps steps, Restoration restoration) : IBackedUpData
{
    public async Task<ChosenBackup?> ChooseAsync(
        IReadOnlyList<BackupCandidate> candidates, long datasetBytes, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0)
        {
            return null;
        }

        await using var session = await parts.Connections.OpenAsync(cancellationToken);
        foreach (var candidate in candidates)
        {
            if (PlaceOf(candidate) is { Has: { } has } place
                && await LogBehindAsync(session, place, has, cancellationToken) is { } bytes
                && CheaperWay.IsBackup(datasetBytes, bytes))
            {
                return new ChosenBackup(
                    candidate.BackupId, new LogPosition(place.Log?.File ?? "", place.Log?.Offset ?? 0, has, has));
            }
        }

        return null;
    }

    public async Task<string> LoadAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken)
    {
        var has = steps.PlaceOf([.. chain.Select(backup => backup.Document)]).Has
            ?? throw Faults.Precondition("The backup does not say which transactions it has.");
        restoration.CheckFits(chain);
        await restoration.FillAsync(chain, cancellationToken);
        new WriteBehind(parts.Layout.NewData).Finish();
        return has;
    }

    /// <summary>Null: it is of another period of the log, or nobody here can read what it says.</summary>
    private BackupPlace? PlaceOf(BackupCandidate candidate)
    {
        try
        {
            return steps.PlaceOf(candidate.Chain) is { Epoch: { } epoch } place && epoch == parts.Member.State.Epoch ? place : null;
        }
        catch (DatastoreException e)
        {
            parts.Host.Log($"A slave's data cannot come from the backup {candidate.BackupId}: {e.Message}");
            return null;
        }
    }

    /// <summary>How much has to be done again behind a backup; null: the log does not go on from it.</summary>
    private async Task<long?> LogBehindAsync(Session session, BackupPlace place, string has, CancellationToken cancellationToken)
    {
        var mine = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
        if ((await flavor.Gtids.MissingAsync(session, mine, has, cancellationToken)).Length > 0)
        {
            // It has what this server lacks.
            return null;
        }

        var bytes = place.AgainBytes;
        foreach (var file in (await session.ShowAsync("SHOW BINARY LOGS", cancellationToken)).Reverse())
        {
            var (name, size) = (file["Log_name"]!, long.Parse(file["File_size"]!, CultureInfo.InvariantCulture));
            bytes += size;
            if (flavor.Gtids.Covers(has, await flavor.LoggedBeforeAsync(session, name, cancellationToken)))
            {
                return bytes - (place.Log is { } log && log.File == name ? Math.Min(size, log.Offset) : 0);
            }
        }

        return null;
    }
}
