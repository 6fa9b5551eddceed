using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.RestoreInstance;

/// <summary>
/// A stand-alone instance with the data of a backup. The operation owns the instance and shares the backup and those that it follows on.
/// </summary>
public static class RestoreInstanceWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(
        INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options,
        IKeyMaker keys) => new()
        {
            Kind = OperationKinds.RestoreInstance,
            Steps =
            [
                .. ServerSteps.All(networks, volumes, compute, access, options),
                new PrepareDatabase("prepare database", guests, DataOrigin.Restored, What),
                new RestoreData(guests, keys),

                // With its data there, the same again starts it, and adds what was asked for beside it.
                new PrepareDatabase("start database", guests, DataOrigin.Empty, What),
            ],
            Begin = _ => new BuildState(),
            OnSucceeded = Succeeded,
            OnTurnedBack = BuildResults.TurnedBack,
            OnAbandoned = BuildResults.Abandoned,
        };

    private static void Succeeded(IUnit unit, Operation operation, BuildState state, long now)
    {
        BuildResults.Succeeded(unit, operation, state, now);
        if (state.Reached is not { } reached)
        {
            return;
        }

        InstanceChanges.SetRestored(unit, operation.InstanceId, Micros.Of(reached.Committed), reached.Position);
        HistoryRows.Add(unit, new HistoryEntry
        {
            Id = $"{operation.Id}-moment",
            InstanceId = operation.InstanceId,
            At = now,
            OperationId = operation.Id,
            Event = "restored-to-moment",
            Outcome = "done",
            Detail = reached.Committed is { } last
                ? $"The last transaction in it was committed at {last:yyyy-MM-ddTHH:mm:ss.ffffffZ}. It has: {reached.Position}"
                : $"There was nothing to be done behind the backup. It has: {reached.Position}",
        });
    }

    internal static RestoreInstanceGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<RestoreInstanceGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    private static CreateInstanceGoal What(Operation operation) => GoalOf(operation).Create;
}
