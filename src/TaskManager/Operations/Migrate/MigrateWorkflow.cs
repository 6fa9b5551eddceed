using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.Migrate;

/// <summary>An instance's server moves to another host, its database stopped meanwhile.</summary>
public static class MigrateWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ServerWorkState> Define(ICompute compute, GuestCommands guests) => new()
    {
        Kind = OperationKinds.Migrate,
        Steps = [new StopDatabase(guests), new MigrateServer(compute), new StartDatabase(guests), new ConfirmResize(compute)],
        Begin = _ => new ServerWorkState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The migration failed: {fault.Message}", fault.Details, now),
    };

    private sealed class MigrateServer(ICompute compute) : ServerMove(compute)
    {
        private readonly ICompute _compute = compute;

        public override string Name => "migration";

        protected override Task<Server> BeginAsync(StepContext context, CancellationToken cancellationToken)
        {
            var goal = JsonSerializer.Deserialize<MigrateGoal>(context.Operation.Goal!, JsonSerializerOptions.Web)!;
            return _compute.MigrateServerAsync(context.Operation.InstanceId, context.Operation.Id, goal.Host, cancellationToken);
        }
    }
}
