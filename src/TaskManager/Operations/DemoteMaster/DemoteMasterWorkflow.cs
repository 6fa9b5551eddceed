using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.DemoteMaster;

/// <summary>
/// A master that has had no slave for a while goes back to the state before replication. Started by upkeep; owns the master.
/// </summary>
public static class DemoteMasterWorkflow
{
    private static readonly TimeSpan TriedAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>The workflow.</summary>
    public static Workflow<SingleCommandState> Define(GuestCommands guests) => new()
    {
        Kind = OperationKinds.DemoteMaster,
        Steps = [new SingleCommand("demote master", _ => new DemoteReplicationMaster(), guests)],
        Begin = _ => new SingleCommandState(),
        OnSucceeded = (unit, operation, _, _) => InstanceChanges.ClearDemotion(unit, operation.InstanceId),
        OnTurnedBack = (unit, operation, fault, now) =>
        {
            InstanceChanges.SetFault(unit, operation.InstanceId, null, $"Demotion failed: {fault.Message}", fault.Details, now);
            InstanceChanges.PostponeDemotion(unit, operation.InstanceId, now + (long)TriedAgainAfter.TotalMilliseconds);
        },
    };
}
