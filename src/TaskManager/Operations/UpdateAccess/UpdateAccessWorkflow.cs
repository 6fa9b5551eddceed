using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.UpdateAccess;

/// <summary>Another rule for who may reach an instance. Going back sets the old one again.</summary>
public static class UpdateAccessWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<UpdateAccessState> Define(INetworks networks) => new()
    {
        Kind = OperationKinds.UpdateAccess,
        Steps = [new SetRules(networks)],
        Begin = _ => new UpdateAccessState(),
        OnSucceeded = (unit, operation, _, now) =>
        {
            var goal = GoalOf(operation);
            InstanceChanges.SetAccess(unit, operation.InstanceId, goal.IsPublic, goal.AllowedCidrs, now);
        },
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The access could not be changed: {fault.Message}", fault.Details, now),

        // The database serves all the same; which of the two rules holds, another request for the one that is wanted makes sure of.
        OnAbandoned = (unit, operation, _, fault, now) => Abandonment.Tell(unit, operation, fault, now),
    };

    private static UpdateAccessGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<UpdateAccessGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    private sealed class SetRules(INetworks networks) : PlaneStep<UpdateAccessState>
    {
        public override string Name => "set access";

        public override async Task<StepOutcome<UpdateAccessState>> EnsureAsync(
            StepContext context, UpdateAccessState state, CancellationToken cancellationToken)
        {
            await SetAsync(context, GoalOf(context.Operation), cancellationToken);
            return Done(state);
        }

        public override async Task<UndoOutcome> UndoAsync(StepContext context, UpdateAccessState state, CancellationToken cancellationToken)
        {
            await SetAsync(context, new UpdateAccessGoal(null, null), cancellationToken);
            return new UndoOutcome.Done();
        }

        // The row keeps the old rule until the end, so it is what to go back to.
        private async Task SetAsync(StepContext context, UpdateAccessGoal wanted, CancellationToken cancellationToken)
        {
            var id = context.Operation.InstanceId;
            var row = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!, cancellationToken);
            var meant = row with { IsPublic = wanted.IsPublic ?? row.IsPublic, AllowedCidrs = wanted.AllowedCidrs ?? row.AllowedCidrs };
            var port = await networks.EnsureAccessAsync(id, Addresses.AccessOf(meant), cancellationToken);
            await context.WriteAsync(
                unit => InstanceChanges.SetAddresses(unit, id, port.Address.ToString(), Addresses.Shown(port)), cancellationToken);
        }
    }
}

/// <summary>Nothing to remember.</summary>
public sealed record UpdateAccessState;
