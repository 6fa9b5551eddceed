using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Operations.DeleteAfterBackup;

internal static class Deletions
{
    /// <summary>The instance is gone, or is going.</summary>
    public static bool IsUnderWay(IUnit unit, string instanceId) =>
        InstanceRows.Find(unit, instanceId) is null or { Deleted: true }
        || OperationRows.Active(unit, instanceId).Any(operation => operation.Kind == OperationKinds.DeleteInstance);
}
