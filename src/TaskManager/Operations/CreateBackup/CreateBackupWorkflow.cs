using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>
/// A backup of an instance that goes on serving. The operation owns the backup, whose row is there before the first step, and neither owns
/// nor shares the instance: the instance's row only says that a backup is under way.
/// </summary>
public static class CreateBackupWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<CreateBackupState> Define(
        IKeyMaker keys, IObjects store, GuestCommands guests, BackupOptions options, GuestOptions silence)
    {
        var objects = new StoredObjects(store);
        return Define(
            version: 2,
            [
                new MakeKey(keys, options),
                new ChooseServer(guests, options, silence),
                new WriteData(guests, objects, options, silence),
                new WriteManifest(store, objects),
            ]);
    }

    /// <summary>The workflow of before slaves took backups: for operations that began with it.</summary>
    public static Workflow<CreateBackupState> DefineFirst(
        IKeyMaker keys, IObjects store, GuestCommands guests, BackupOptions options, GuestOptions silence)
    {
        var objects = new StoredObjects(store);
        return Define(
            version: 1,
            [
                new MakeKey(keys, options),
                new WriteData(guests, objects, options, silence),
                new WriteManifest(store, objects),
            ]);
    }

    private static Workflow<CreateBackupState> Define(int version, IReadOnlyList<Step<CreateBackupState>> steps) => new()
    {
        Kind = OperationKinds.CreateBackup,
        Version = version,
        Steps = steps,
        Begin = _ => new CreateBackupState(),
        OnSucceeded = Complete,
        OnTurnedBack = (unit, operation, fault, now) =>
            BackupChanges.SetFault(unit, operation.Subject.Id, BackupState.Failed, fault.Message, now),
        OnUndone = (unit, operation, state, now) =>
        {
            BackupChanges.SweepAt(unit, operation.Subject.Id, now + (long)StoredObjects.LateFor.TotalMilliseconds);
            End(unit, operation, state);
        },
        OnAbandoned = (unit, operation, state, fault, now) =>
        {
            // Its objects may be there still: whoever deletes it deletes them.
            var message = $"{operation.Fault} What it wrote could not be removed: {fault.Message}";
            BackupChanges.SetFault(unit, operation.Subject.Id, BackupState.DeleteFailed, message, now);
            End(unit, operation, state);
        },
    };

    private static void Complete(IUnit unit, Operation operation, CreateBackupState state, long now)
    {
        var made = state.Made!;
        BackupChanges.Complete(
            unit,
            operation.Subject.Id,
            made.Objects.Bytes,
            made.DatasetBytes,
            JsonSerializer.Serialize(made.Objects, ProtocolJson.Options),
            JsonSerializer.Serialize(made.Document, ProtocolJson.Options),
            Micros.Of(made.Ended),
            now);
        End(unit, operation, state);
    }

    private static void End(IUnit unit, Operation operation, CreateBackupState state)
    {
        foreach (var instanceId in new[] { operation.InstanceId, state.TakenOn }.OfType<string>())
        {
            BackupChanges.End(unit, instanceId, operation.Subject.Id);
        }
    }
}
