using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

internal sealed class EnsureVolume(IVolumes volumes) : PlaneStep<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override string Name => "make volume";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var instance = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!, cancellationToken);
        var volume = await volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = id, SizeGb = instance.VolumeSize, Type = instance.VolumeType, Zone = instance.AvailabilityZone },
            cancellationToken);
        if (instance.VolumeId != volume.Id)
        {
            await context.WriteAsync(unit => InstanceChanges.SetVolumeId(unit, id, volume.Id), cancellationToken);
        }

        return volume.State switch
        {
            VolumeState.Ready => Done(state),
            VolumeState.Error => Failed($"The volume could not be made: {volume.Detail ?? "the compute plane does not say why"}."),
            _ => NotYet(state, LookAgain),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        // Nothing of the user's is on it yet: the instance never became ready.
        return await volumes.DeleteVolumeAsync(context.Operation.InstanceId, cancellationToken)
            ? new UndoOutcome.Done()
            : new UndoOutcome.NotYet(LookAgain);
    }
}
