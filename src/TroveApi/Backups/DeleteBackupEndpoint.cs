using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
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
            await database.WriteOnceAsync(operationId, unit => Write(unit, all, operationId, historyId, now), request.Cancelled);
        }
        catch (GuardException)
        {
            var present = await database.ReadAsync(unit => BackupReader.Find(unit, request, id), request.Cancelled);
            throw FaultException.Unprocessable(present.LockOwner is null
                ? $"Backup {id} cannot be deleted because it, or one that follows on it, is being restored or has just changed."
                : $"Backup {id} is being deleted already.");
        }

        signals.OperationIsDue();
        return Answer.Accepted;
    }

    private static void Write(IUnit unit, IReadOnlyList<Backup> all, string operationId, string historyId, long now)
    {
        // Those that follow on others first: as they go, so are they named.
        var goal = new DeleteBackupGoal([.. all.Reverse().Select(backup => backup.Id)]);
        OperationRows.Insert(
            unit,
            operationId,
            OperationKinds.DeleteBackup,
            all[0].InstanceId,
            JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            now,
            Subject.Backup(all[0].Id));
        foreach (var backup in all.OrderBy(backup => backup.Id, StringComparer.Ordinal))
        {
            GuardException.Unless(LockRows.TryOwnBackup(unit, backup.Id, operationId, all.Count(other => other.ParentId == backup.Id)));
        }

        HistoryRows.Add(unit, HistoryEntry.Started(historyId, all[0].InstanceId, OperationKinds.DeleteBackup, operationId, now));
    }
}
