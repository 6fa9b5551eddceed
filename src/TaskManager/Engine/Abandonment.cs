using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Engine;

/// <summary>What an operation that can neither go on nor back leaves on its instance.</summary>
public static class Abandonment
{
    /// <summary>The instance says why; one that was ready counts as broken, and can be rebuilt or deleted.</summary>
    public static void Break(IUnit unit, Operation operation, OperationFault fault, long now)
    {
        Tell(unit, operation, fault, now);
        InstanceChanges.SetBroken(unit, operation.InstanceId);
    }

    /// <summary>The instance says why, and serves as it did.</summary>
    public static void Tell(IUnit unit, Operation operation, OperationFault fault, long now)
    {
        var message = operation.Status == OperationStatus.Undoing
            ? $"{InstanceRows.Find(unit, operation.InstanceId)?.FaultMessage} It could not be taken back: {fault.Message}"
            : $"The step '{operation.StepName}' failed, and there is no way back from it: {fault.Message}";
        InstanceChanges.SetFault(unit, operation.InstanceId, null, message, fault.Details, now);
    }
}
