using Dbaas.Domain.Backups;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Backups;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Creation;

/// <summary>What must hold of a backup that an instance is made from.</summary>
internal static class RestoreRules
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    /// <returns>The backup and those that it follows on, the complete one first.</returns>
    /// <exception cref="FaultException">There is none, or it cannot be restored.</exception>
    public static IReadOnlyList<Backup> Find(IUnit unit, ApiRequest request, string id, CreateRequest wanted)
    {
        if (wanted.MasterId is not null)
        {
            throw FaultException.BadRequest("A replica has the data of its source: name a backup or a source, not both.");
        }

        var backup = BackupReader.Find(unit, request, id);
        if (backup.State != BackupState.Completed)
        {
            throw new FaultException(
                409,
                $"Unable to create instance because backup {id} is not completed. "
                    + $"Actual state: {backup.State.ToString().ToUpperInvariant()}.");
        }

        return BackupRows.Chain(unit, id);
    }

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
