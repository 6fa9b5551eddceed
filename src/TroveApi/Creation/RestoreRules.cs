using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Archives;
using Dbaas.TroveApi.Backups;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Creation;

/// <summary>What must hold of a backup that an instance is made from.</summary>
internal static class RestoreRules
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    /// <returns>The backup with those that it follows on, and the logs behind it.</returns>
    /// <exception cref="FaultException">There is none, or it cannot be restored.</exception>
    public static RestoreSource Find(IUnit unit, ApiRequest request, RestorePoint point, CreateRequest wanted)
    {
        if (wanted.MasterId is not null)
        {
            throw FaultException.BadRequest("A replica has the data of its source: name a backup or a source, not both.");
        }

        var source = FindSource(unit, request, point);
        CheckKey(unit, source, point);
        return source;
    }

    private static RestoreSource FindSource(IUnit unit, ApiRequest request, RestorePoint point)
    {
        if (point.InstanceId is { } instanceId)
        {
            return FindMoment(unit, InstanceOf(unit, request, instanceId), backup: null, point);
        }

        var backup = FindBackup(unit, request, point.BackupId!);
        return point.IsMoment
            ? FindMoment(unit, backup.InstanceId, backup, point)
            : new RestoreSource(BackupRows.Chain(unit, backup.Id), null);
    }

    /// <summary>Whether it is the right one is seen when it is used: here nobody knows which halves belong together.</summary>
    private static void CheckKey(IUnit unit, RestoreSource source, RestorePoint point)
    {
        var sealedFor = source.Chain.FirstOrDefault(backup => backup.OwnKey)?.Recipients
            ?? (source.Moment?.LogIds ?? []).Select(id => ArchivedLogRows.Find(unit, id)!).FirstOrDefault(log => log.OwnKey)?.Recipients;
        if (sealedFor is not null && point.PrivateKey is null)
        {
            throw FaultException.BadRequest(
                $"The data was encrypted for the project's own key {sealedFor}: give its private half as 'private_key' of the "
                    + "restorePoint.");
        }

        if (sealedFor is null && point.PrivateKey is not null)
        {
            throw FaultException.BadRequest("The data was not encrypted for a key of the project's own: leave 'private_key' out.");
        }
    }

    private static Backup FindBackup(IUnit unit, ApiRequest request, string id)
    {
        var backup = BackupReader.Find(unit, request, id);
        if (backup.State != BackupState.Completed)
        {
            throw new FaultException(
                409,
                $"Unable to create instance because backup {id} is not completed. "
                    + $"Actual state: {backup.State.ToString().ToUpperInvariant()}.");
        }

        return backup;
    }

    /// <summary>The archive of an instance outlives it.</summary>
    private static string InstanceOf(IUnit unit, ApiRequest request, string id) =>
        InstanceRows.Find(unit, id) is { } instance && (instance.TenantId == request.Tenant || request.IsAdmin)
            ? id
            : throw FaultException.NoSuch(id);

    private static RestoreSource FindMoment(IUnit unit, string instanceId, Backup? backup, RestorePoint point)
    {
        var times = RestorableReader.Load(unit, instanceId);
        if (times.Count == 0)
        {
            throw FaultException.Unprocessable(
                $"Instance {instanceId} cannot be restored to a moment: no archived log goes on behind one of its backups.");
        }

        var found = times
            .Select(time => (Time: time, Base: backup is null
                ? time.BackupFor(point.Until!.Value)
                : time.Backups.FirstOrDefault(one => one.Id == backup.Id)))
            .LastOrDefault(one => one.Base is { } start
                && (point.Until is not { } until || (RestorableTimes.EndOf(start) <= until && until <= one.Time.Latest)));
        if (found.Base is not { } first)
        {
            throw FaultException.Unprocessable(
                $"Instance {instanceId} cannot be restored to {point.Words}{(backup is null ? "" : $" from backup {backup.Id}")}. "
                    + $"It can be to each moment {string.Join("; ", times.Select(Words))}.");
        }

        var logs = found.Time.LogsBehind(first);
        return new RestoreSource(
            BackupRows.Chain(unit, first.Id), new MomentGoal([.. logs.Select(log => log.Id)], point.Until, point.Transaction));
    }

    private static string Words(RestorableTime time) => $"from {Times.FormatMicros(time.Earliest)} to {Times.FormatMicros(time.Latest)}";

    /// <summary>An instance has the version that the backup was taken with.</summary>
    public static DatastoreVersion VersionOf(IUnit unit, Backup backup, CreateRequest wanted)
    {
        var version = CatalogRows.Version(unit, backup.DatastoreVersionId)
            ?? throw FaultException.BadRequest($"The datastore version {backup.DatastoreVersionId} of backup {backup.Id} is not here.");
        return wanted.Datastore.Fits(version)
            ? version
            : throw FaultException.BadRequest(
                $"The backup is of {version.DatastoreName} {version.Name}: an instance that is made from it has the same.");
    }

    /// <summary>Root was enabled when the backup was asked for, or later and before the moment to which the data goes.</summary>
    public static bool MayHoldRoot(IUnit unit, RestoreSource source)
    {
        if (source.Chain is not [.., var backup])
        {
            return false;
        }

        // Behind a transaction is at no time that is known here.
        var until = (source.Moment is { } moment ? moment.Until : backup.Ended) is { } micros ? micros / 1000 : long.MaxValue;
        return backup.RootEnabled || HistoryRows.HasBetween(unit, backup.InstanceId, RootEndpoints.Enabled, backup.Created, until);
    }

    /// <summary>The data fits.</summary>
    public static void CheckVolume(IReadOnlyList<Backup> chain, int volumeGb)
    {
        if (chain.Count > 0 && chain[^1].DatasetBytes > volumeGb * (long)Gigabyte)
        {
            throw FaultException.Forbidden(
                $"A volume of {volumeGb} GB is too small: the backup holds {chain[^1].DatasetBytes / Gigabyte:0.0} GB of data.");
        }
    }
}
