using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeFlavor;

/// <summary>
/// An instance gets another flavor: its database stops, its server is resized, and the database starts with the settings of the new size.
/// Only then the plane is told that it may stay so; until then everything goes back. Memory that is added was taken from the quota when it
/// was asked for; memory that is freed is given back at the end.
/// </summary>
public static class ResizeFlavorWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ServerWorkState> Define(ICompute compute, GuestCommands guests) => new()
    {
        Kind = OperationKinds.ResizeFlavor,
        Steps = [new StopDatabase(guests), new ResizeServer(compute), new StartDatabase(guests), new ConfirmResize(compute)],
        Begin = _ => new ServerWorkState(),
        OnSucceeded = (unit, operation, _, now) => TakeNew(unit, operation, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The flavor could not be changed: {fault.Message}", fault.Details, now),
        OnUndone = (unit, operation, _, _) => KeepOld(unit, operation),
        OnAbandoned = (unit, operation, _, fault, now) =>
        {
            Abandonment.Break(unit, operation, fault, now);
            if (operation.Status == OperationStatus.Running)
            {
                TakeNew(unit, operation, now);
            }
            else
            {
                KeepOld(unit, operation);
            }
        },
    };

    private static void TakeNew(IUnit unit, Operation operation, long now)
    {
        var goal = GoalOf(operation);
        var instance = InstanceRows.Find(unit, operation.InstanceId)!;
        InstanceChanges.SetFlavor(unit, operation.InstanceId, goal.FlavorId, goal.MemoryMb, now);
        QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Ram, Math.Max(0, instance.MemoryMb - goal.MemoryMb));
    }

    private static void KeepOld(IUnit unit, Operation operation)
    {
        var instance = InstanceRows.Find(unit, operation.InstanceId)!;
        QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Ram, Math.Max(0, GoalOf(operation).MemoryMb - instance.MemoryMb));
    }

    private static ResizeFlavorGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<ResizeFlavorGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    private sealed class ResizeServer(ICompute compute) : ServerMove(compute)
    {
        private readonly ICompute _compute = compute;

        public override string Name => "resize";

        protected override bool IsFinal(StepContext context, Server server) => server.FlavorId == GoalOf(context.Operation).FlavorId;

        protected override Task<Server> BeginAsync(StepContext context, CancellationToken cancellationToken) =>
            _compute.ResizeServerAsync(context.Operation.InstanceId, GoalOf(context.Operation).FlavorId, cancellationToken);
    }
}
