using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeVolume;

/// <summary>
/// A volume gets larger, while the database runs if the plane can do that. Its quota was taken when it was asked for. A volume never
/// shrinks: once the plane has extended it, there is no way back but forward.
/// </summary>
public static class ResizeVolumeWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ServerWorkState> Define(IVolumes volumes, ICompute compute, GuestCommands guests) => new()
    {
        Kind = OperationKinds.ResizeVolume,
        Steps =
        [
            new TryExtend(volumes),
            new StopDatabase(guests, onlyWhenServerStops: true),
            new ExtendStopped(volumes, compute),
            new GrowFileSystem(guests),
            new StartDatabase(guests, onlyWhenServerStopped: true),
        ],
        Begin = _ => new ServerWorkState(),
        OnSucceeded = (unit, operation, _, now) =>
            InstanceChanges.SetVolumeSize(unit, operation.InstanceId, GoalOf(operation).SizeGb, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The volume could not be resized: {fault.Message}", fault.Details, now),
        OnUndone = (unit, operation, _, _) =>
        {
            var instance = InstanceRows.Find(unit, operation.InstanceId)!;
            QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Volumes, GoalOf(operation).SizeGb - instance.VolumeSize);
        },
    };

    internal static ResizeVolumeGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<ResizeVolumeGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
}
