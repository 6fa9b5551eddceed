using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

internal sealed class EnsureVolume(IVolumes volumes) : Step<BuildState>
{
    public override string Name => "make volume";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var size = await context.ReadAsync(unit => InstanceRows.Find(unit, id)!.VolumeSize, cancellationToken);
        await volumes.EnsureVolumeAsync(id, size, cancellationToken);
        return Done(state);
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        // Nothing of the user's is on it yet: the instance never became ready.
        await volumes.DeleteVolumeAsync(context.Operation.InstanceId, cancellationToken);
        return new UndoOutcome.Done();
    }
}
