using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.DetachSlave;

namespace Dbaas.TaskManager.Operations.DeleteInstance;

/// <summary>
/// Everything of an instance goes, in whatever state it is. Quota, group and name are free when the row becomes a tombstone.
/// </summary>
public static class DeleteInstanceWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<LeaveMasterState> Define(
        INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestOptions options, IIdSource ids) => new()
        {
            Kind = OperationKinds.DeleteInstance,
            Steps =
            [
                new TakeInstance(),
                new LeaveMasterStep(guests, options, ids, DetachReason.Deleted),
                new RemoveServer(compute),
                new RemoveVolumeAndPort(volumes, networks),
            ],
            Begin = _ => new LeaveMasterState(),
            OnSucceeded = (unit, operation, _, now) => Bury(unit, operation.InstanceId, now),
            OnTurnedBack = (unit, operation, fault, now) => InstanceChanges.SetFault(
                unit, operation.InstanceId, IsUntouched(operation) ? null : Lifecycle.Failed,
                $"Deleting failed: {fault.Message} It can be asked for again.", fault.Details, now),
        };

    // As long as it has not taken the instance, it has done nothing to it.
    private static bool IsUntouched(Operation operation) => operation.StepIndex == 0;

    private static void Bury(IUnit unit, string id, long now)
    {
        var instance = InstanceRows.Find(unit, id)!;
        if (!InstanceChanges.SetDeleted(unit, id, now))
        {
            return;
        }

        ServerRows.Delete(unit, id);
        ScheduleRows.DeleteOf(unit, instance.TenantId, id);
        QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Instances, 1);
        QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Ram, instance.MemoryMb);
        QuotaRows.GiveBack(unit, instance.TenantId, QuotaResources.Volumes, instance.VolumeSize);
        if (instance.ConfigurationId is { } group)
        {
            ConfigurationRows.RemoveInstance(unit, group);
        }
    }

    /// <summary>Waits for an operation that goes back to let go of the instance. The guest may not act on anything any more.</summary>
    private sealed class TakeInstance : Step<LeaveMasterState>
    {
        private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

        public override string Name => "take instance";

        // The operation that has it gives it up, which may take a minute for each of its steps.
        public override TimeSpan TimeLimit => TimeSpan.FromMinutes(45);

        public override async Task<StepOutcome<LeaveMasterState>> EnsureAsync(
            StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
        {
            var (id, operation) = (context.Operation.InstanceId, context.Operation.Id);
            var (taken, instance) = await context.WriteAsync(
                unit => (
                    LockRows.Mode(unit, id, operation) == LockMode.Own
                        || LockRows.TryOwn(unit, id, operation, onlyReady: false, onlyWithoutSlaves: true),
                    InstanceRows.Find(unit, id)!),
                cancellationToken);
            return instance switch
            {
                _ when taken => Done(state),

                // Another deletion was quicker: the steps that follow find nothing left to do.
                { Deleted: true } => Done(state),
                { SlaveCount: > 0, LockOwner: null } => Failed("A slave was created before the instance could be taken."),
                _ => NotYet(state, Soon),
            };
        }
    }

    private sealed class RemoveServer(ICompute compute) : PlaneStep<LeaveMasterState>
    {
        public override string Name => "remove server";

        public override async Task<StepOutcome<LeaveMasterState>> EnsureAsync(
            StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
        {
            var id = context.Operation.InstanceId;
            await context.WriteAsync(unit => GuestRows.Revoke(unit, id), cancellationToken);
            return await compute.DeleteServerAsync(id, cancellationToken) ? Done(state) : NotYet(state, TimeSpan.FromSeconds(1));
        }
    }

    private sealed class RemoveVolumeAndPort(IVolumes volumes, INetworks networks) : PlaneStep<LeaveMasterState>
    {
        public override string Name => "remove volume and address";

        public override async Task<StepOutcome<LeaveMasterState>> EnsureAsync(
            StepContext context, LeaveMasterState state, CancellationToken cancellationToken)
        {
            if (!await volumes.DeleteVolumeAsync(context.Operation.InstanceId, cancellationToken))
            {
                return NotYet(state, TimeSpan.FromSeconds(1));
            }

            await networks.DeletePortAsync(context.Operation.InstanceId, cancellationToken);
            return Done(state);
        }
    }
}
