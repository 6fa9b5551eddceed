using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Backups;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Deletion;

/// <summary>
/// A deletion that a last backup comes before: both are begun in one unit, and nothing is deleted as long as the backup is not complete.
/// </summary>
internal sealed class FinalBackup(IDatabase database, BackupBeginning beginning, ControlSignals signals, IIdSource ids, TimeProvider time)
{
    /// <summary>The parameter of a DELETE that names it.</summary>
    public const string Query = "final_backup";

    /// <summary>The name that is asked for; null: no backup is.</summary>
    public static string? Name(ApiRequest request) => request.Query(Query) switch
    {
        null => null,
        var name when InstanceName.IsGood(name) => name,
        _ => throw FaultException.BadRequest(
            $"'{Query}' is the name of a backup: up to {InstanceName.MaxLength} characters, at least one of them a letter or a digit."),
    };

    /// <summary>Begins both.</summary>
    /// <returns>False: something changed since the instance was looked at.</returns>
    /// <exception cref="FaultException">It cannot be backed up.</exception>
    public async Task<bool> TryStartAsync(ApiRequest request, InstanceFacts facts, string name)
    {
        var id = facts.Instance.Id;
        BackupBeginning.Check(facts, await database.ReadAsync(unit => GuestRows.FindAgent(unit, id), request.Cancelled), follows: false);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var backup = NewBackup.Of(facts.Instance, ids.NewId(), BackupPlace.NewSecret(), name, now);
        var (backupOperation, backupHistory, operation, history) = (ids.NewId(), ids.NewId(), ids.NewId(), ids.NewId());
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    beginning.Write(unit, backup, backupOperation, backupHistory);
                    var goal = JsonSerializer.Serialize(new DeleteAfterBackupGoal(backup.Id), JsonSerializerOptions.Web);
                    OperationRows.Insert(unit, operation, OperationKinds.DeleteAfterBackup, id, goal, now);
                    HistoryRows.Add(unit, HistoryEntry.Started(history, id, OperationKinds.DeleteAfterBackup, operation, now));
                },
                request.Cancelled);
        }
        catch (GuardException)
        {
            return false;
        }

        signals.OperationIsDue();
        return true;
    }
}
