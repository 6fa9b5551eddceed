using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.RegisterBackup;

/// <summary>
/// A backup that a Trove took is made known, where it is. The operation owns the backup, whose row is there before the first step. Nothing
/// is copied, and nothing is undone: what cannot be restored says why.
/// </summary>
public static class RegisterBackupWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<RegisterBackupState> Define(IForeignObjects store, BackupOptions options) => new()
    {
        Kind = OperationKinds.RegisterBackup,
        Steps = [new LookAtBackup(store, options)],
        Begin = _ => new RegisterBackupState(),
        OnSucceeded = (unit, operation, state, now) =>
        {
            var found = state.Found!;
            BackupChanges.Complete(
                unit,
                operation.Subject.Id,
                found.Objects.Bytes,
                JsonSerializer.Deserialize<RegisterBackupGoal>(operation.Goal!, JsonSerializerOptions.Web)!.DatasetBytes,
                JsonSerializer.Serialize(found.Objects, ProtocolJson.Options),
                JsonSerializer.Serialize(found.Document, ProtocolJson.Options),
                ended: null,
                now);
        },
        OnTurnedBack = (unit, operation, fault, now) =>
            BackupChanges.SetFault(unit, operation.Subject.Id, BackupState.Failed, fault.Message, now),
        OnAbandoned = (_, _, _, _, _) => { },
    };
}

/// <summary>What making a backup known remembers.</summary>
public sealed record RegisterBackupState
{
    /// <summary>What was found; null until it was.</summary>
    public ForeignBackup? Found { get; init; }
}
