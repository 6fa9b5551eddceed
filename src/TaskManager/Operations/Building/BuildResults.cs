using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>What a creation changes on the instance's row when it ends or turns back.</summary>
internal static class BuildResults
{
    public static void Succeeded(IUnit unit, Operation operation, BuildState state, long now) =>
        InstanceChanges.SetReady(unit, operation.InstanceId, now);

    public static void TurnedBack(IUnit unit, Operation operation, OperationFault fault, long now) =>
        InstanceChanges.SetFault(unit, operation.InstanceId, Lifecycle.Failed, fault.Message, fault.Details, now);

    /// <summary>What is left of it goes with the instance's deletion; until then it may not identify itself.</summary>
    public static void Abandoned(IUnit unit, Operation operation, BuildState state, OperationFault fault, long now)
    {
        Abandonment.Tell(unit, operation, fault, now);
        GuestRows.Revoke(unit, operation.InstanceId);
    }
}
