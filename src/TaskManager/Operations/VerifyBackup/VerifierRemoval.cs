using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Operations.VerifyBackup;

/// <summary>A hidden instance goes as every other one does, and gives its place back to the next.</summary>
internal static class VerifierRemoval
{
    /// <summary>Begins it; its first step waits until the instance is nobody's.</summary>
    public static void Begin(IUnit unit, string instanceId, IIdSource ids, long now) => OperationRows.Insert(
        unit,
        ids.NewId(),
        OperationKinds.DeleteInstance,
        instanceId,
        JsonSerializer.Serialize(new LeaveMasterGoal(null)),
        now);
}
