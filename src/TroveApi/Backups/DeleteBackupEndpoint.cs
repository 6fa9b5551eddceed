using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary><c>DELETE /backups/{id}</c>: a backup goes with those that follow on it.</summary>
internal sealed class DeleteBackupEndpoint(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time)
{
    public async Task<Answer> DeleteAsync(ApiRequest request)
    {
        var id = request.Id("id");
        var all = await database.ReadAsync(
            unit => (IReadOnlyList<Backup>)[BackupReader.Find(unit, request, id), .. BackupRows.Descendants(unit, id)], request.Cancelled);
        foreach (var backup in all)
        {
            if (backup.State is BackupState.New or BackupState.Building or BackupState.Saving)
            {
                throw FaultException.Unprocessable($"Backup {backup.Id} cannot be deleted because it is running.");
            }
        }

        var (operationId, historyId) = (ids.NewId(), ids.NewId());
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            await database.WriteAsync(
                unit => GuardException.Unless(BackupStarts.Delete(unit, all, operationId, historyId, now)), request.Cancelled);
        }
        catch (GuardException)
        {
            var present = await database.ReadAsync(unit => BackupReader.Find(unit, request, id), request.Cancelled);
            throw FaultException.Unprocessable(present.LockOwner is null
                ? $"Backup {id} cannot be deleted because it, or one that follows on it, is being restored or verified, "
                    + "or has just changed."
                : $"Backup {id} is being deleted already.");
        }

        signals.OperationIsDue();
        return Answer.Accepted;
    }
}
