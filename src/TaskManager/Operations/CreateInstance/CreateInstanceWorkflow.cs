using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.CreateInstance;

/// <summary>A stand-alone instance. Its row, its quota and its lock are there before the first step.</summary>
public static class CreateInstanceWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<BuildState> Define(
        INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestAccess access, GuestOptions options) => new()
        {
            Kind = OperationKinds.CreateInstance,
            Steps =
            [
                .. ServerSteps.All(networks, volumes, compute, access, options),
                new PrepareDatabase("prepare database", guests, DataOrigin.Empty, GoalOf),
            ],
            Begin = _ => new BuildState(),
            OnSucceeded = BuildResults.Succeeded,
            OnTurnedBack = BuildResults.TurnedBack,
            OnAbandoned = BuildResults.Abandoned,
        };

    private static CreateInstanceGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<CreateInstanceGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
}
