using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.ForgetSlave;

/// <summary>What a master is to forget.</summary>
public sealed record ForgetSlaveState(string SlaveId);

/// <summary>
/// Takes from a master what it keeps for a slave that is gone or never came to be. It holds no lock, and waits for the master as long as
/// the master exists, so that nothing else has to wait for a master that is down.
/// </summary>
public static class ForgetSlaveWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<ForgetSlaveState> Define(GuestCommands guests) => new()
    {
        Kind = OperationKinds.ForgetSlave,
        Steps = [new Forget(guests)],
        Begin = operation => JsonSerializer.Deserialize<ForgetSlaveState>(operation.Goal!, JsonSerializerOptions.Web)!,
        OnSucceeded = (_, _, _, _) => { },
        OnTurnedBack = (unit, operation, fault, now) =>
            InstanceChanges.SetFault(unit, operation.InstanceId, null, fault.Message, fault.Details, now),
    };

    /// <summary>Starts it.</summary>
    public static void Start(IUnit unit, IIdSource ids, string masterId, string slaveId, long now)
    {
        if (!OperationRows.Active(unit, masterId).Any(active => active.Kind == OperationKinds.ForgetSlave
            && OperationRows.Find(unit, active.Id)?.Goal?.Contains(slaveId, StringComparison.Ordinal) == true))
        {
            OperationRows.Insert(
                unit, ids.NewId(), OperationKinds.ForgetSlave, masterId,
                JsonSerializer.Serialize(new ForgetSlaveState(slaveId), JsonSerializerOptions.Web), now);
        }
    }

    private sealed class Forget(GuestCommands guests) : Step<ForgetSlaveState>
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
        private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(1);

        public override string Name => "forget slave";

        public override TimeSpan TimeLimit => TimeSpan.FromDays(365);

        public override async Task<StepOutcome<ForgetSlaveState>> EnsureAsync(
            StepContext context, ForgetSlaveState state, CancellationToken cancellationToken)
        {
            var masterId = context.Operation.InstanceId;
            var master = await context.ReadAsync(unit => InstanceRows.Find(unit, masterId), cancellationToken);
            if (master is null or { Deleted: true } or { Lifecycle: Lifecycle.Failed })
            {
                return Done(state);
            }

            var answer = await guests.AskAsync(context, masterId, new ForgetReplicationSlave(state.SlaveId), Limit, cancellationToken);

            // The answer wakes the operation: what is looked for meanwhile is only whether the master still exists.
            return answer is GuestAnswer.Waiting && context.Elapsed > Limit ? NotYet(state, Rarely) : answer.Then(state, _ => state);
        }
    }
}
