using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.ArchiveLog;

/// <summary>
/// An instance's log is archived for a while. The operation owns the archived log, whose row is there before the first step, and neither
/// owns nor shares the instance. Whatever ends it, what was told by then counts: it has no way back, only an end.
/// </summary>
public static class ArchiveLogWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ArchiveLogState> Define(
        IKeyMaker keys, IObjects store, GuestCommands guests, BackupOptions backups, ArchiveOptions options, GuestOptions silence) => new()
        {
            Kind = OperationKinds.ArchiveLog,
            Steps =
            [
                new MakeLogKey(keys, backups),
                new WriteLog(guests, options, silence),
                new CloseLog(new StoredObjects(store)),
            ],
            Begin = _ => new ArchiveLogState(),
            OnSucceeded = Close,
            OnTurnedBack = (_, _, _, _) => { },
            OnUndone = (unit, operation, state, now) => Close(unit, operation, state with { Because = operation.Fault }, now),
            OnAbandoned = (unit, operation, state, fault, now) => Close(unit, operation, state with { Because = fault.Message }, now),
        };

    private static void Close(IUnit unit, Operation operation, ArchiveLogState state, long now) => ArchivedLogChanges.Close(
        unit, ArchivedLogRows.Find(unit, operation.Subject.Id)!, state.WholeUntil, state.Because, now,
        now + (long)StoredObjects.LateFor.TotalMilliseconds);
}
