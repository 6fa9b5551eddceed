using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary>
/// <c>POST /backups</c> with <c>restore_from</c>: a backup that another service took becomes known here. For administrators: whoever may
/// name an address may have what is there.
/// </summary>
internal sealed class RegisterBackup(
    IDatabase database, TroveApiOptions options, ControlSignals signals, IIdSource ids, TimeProvider time)
{
    private const int NotSupported = 501;

    public async Task<Answer> CreateAsync(ApiRequest request, ForeignBackupRequest wanted)
    {
        if (!request.IsAdmin)
        {
            throw Policy.Denied("backup:create:restore_from");
        }

        if (!options.ReadsForeignBackups)
        {
            throw new FaultException(NotSupported, "This service was not told where a Trove's backups are (Backups:Trove).");
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var backup = NewBackup.OfAnother(
            wanted.ProjectId ?? request.Tenant,
            wanted.DatastoreVersionId,
            wanted.Location,
            ids.NewId(),
            BackupPlace.NewSecret(),
            wanted.Name,
            now) with
        {
            Description = wanted.Description,
        };
        var operationId = ids.NewId();
        await database.WriteAsync(unit => Write(unit, backup, wanted, operationId), request.Cancelled);
        signals.OperationIsDue();
        return BackupView.One(
            await database.ReadAsync(unit => BackupReader.Load(unit, [BackupRows.Find(unit, backup.Id)!])[0], request.Cancelled),
            status: 202);
    }

    private void Write(IUnit unit, Backup backup, ForeignBackupRequest wanted, string operationId)
    {
        if (CatalogRows.Version(unit, backup.DatastoreVersionId) is null)
        {
            throw FaultException.BadRequest($"There is no datastore version {backup.DatastoreVersionId}.");
        }

        QuotaRows.Ensure(unit, backup.TenantId, options.Quotas);
        BackupBeginning.Check(BackupStarts.Register(unit, backup, new RegisterBackupGoal(wanted.DatasetBytes), operationId));
    }
}
