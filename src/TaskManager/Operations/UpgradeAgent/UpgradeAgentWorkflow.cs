using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using UpgradeCommand = Dbaas.GuestProtocol.Commands.UpgradeAgent;

namespace Dbaas.TaskManager.Operations.UpgradeAgent;

/// <summary>
/// An instance's agent is replaced by another release of it, while the database goes on serving. Whichever agent runs in the end answers:
/// the new one after a report of it was accepted, or the old one, which says that it is back. There is nothing to undo: an agent is one of
/// the two.
/// </summary>
public static class UpgradeAgentWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<SingleCommandState> Define(GuestCommands guests, GuestOptions options) => new()
    {
        Kind = OperationKinds.UpgradeAgent,
        Steps = [new Upgrade(guests, options)],
        Begin = _ => new SingleCommandState(),
        OnSucceeded = (unit, operation, _, now) => InstanceChanges.Touch(unit, operation.InstanceId, now),
        OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
            unit, operation.InstanceId, null, $"The agent could not be upgraded: {fault.Message}", fault.Details, now),
    };

    private sealed class Upgrade(GuestCommands guests, GuestOptions options) : Step<SingleCommandState>
    {
        // The release has to be fetched, which may take ten minutes; and the new one proves itself, or not.
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

        public override string Name => "upgrade agent";

        public override TimeSpan TimeLimit => Limit + TimeSpan.FromMinutes(3) + options.ConfirmAgentWithin;

        public override async Task<StepOutcome<SingleCommandState>> EnsureAsync(
            StepContext context, SingleCommandState state, CancellationToken cancellationToken)
        {
            var operation = context.Operation;
            var goal = JsonSerializer.Deserialize<UpgradeAgentGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
            var command = new UpgradeCommand
            {
                UpgradeId = operation.Id,
                Version = goal.Version,
                Sha256 = goal.Sha256,
                Size = goal.Size,
                ConfirmSeconds = Math.Max(1, (int)options.ConfirmAgentWithin.TotalSeconds),
            };
            var answer = await guests.AskAsync(
                context, operation.InstanceId, command, Limit + options.ConfirmAgentWithin, cancellationToken);
            return answer.Then(state, _ => state);
        }
    }
}
