using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.DetachSlave;

/// <summary>
/// A slave becomes independent and writable; a master without slaves is demoted. The operation owns the slave and shares the master.
/// </summary>
public static class DetachSlaveWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<LeaveMasterState> Define(GuestCommands guests, GuestOptions options, IIdSource ids) => new()
    {
        Kind = OperationKinds.DetachSlave,
        Steps = [new LeaveMasterStep(guests, options, ids, DetachReason.Requested)],
        Begin = _ => new LeaveMasterState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = SayThatItFailed,
        OnAbandoned = (unit, operation, state, fault, now) =>
        {
            if (state.Detached)
            {
                LeaveMasterStep.Leave(unit, ids, operation, state, now);
            }
            else
            {
                SayThatItFailed(unit, operation, fault, now);
            }
        },
    };

    private static void SayThatItFailed(IUnit unit, Operation operation, OperationFault fault, long now) => InstanceChanges.SetFault(
        unit, operation.InstanceId, null, $"Detaching failed: {fault.Message} It can be asked for again.", fault.Details, now);
}
