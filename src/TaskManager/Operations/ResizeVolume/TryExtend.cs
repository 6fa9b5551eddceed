using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeVolume;

/// <summary>Extends the volume under the running server, or learns that the server has to be stopped for it.</summary>
internal sealed class TryExtend(IVolumes volumes) : PlaneStep<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "extend volume";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        var size = ResizeVolumeWorkflow.GoalOf(context.Operation).SizeGb;
        var volume = await volumes.EnsureVolumeAsync(
            new VolumeSpec { Key = context.Operation.InstanceId, SizeGb = size }, cancellationToken);
        return volume.State switch
        {
            VolumeState.Ready => Done(state),
            VolumeState.NeedsServerStopped => Done(state with { NeedsServerStopped = true }),
            VolumeState.Error => Failed(volume.Detail ?? "the compute plane does not say why"),
            _ => NotYet(state, LookAgain),
        };
    }

    /// <summary>What was extended stays so, and is what the instance has from now on; its quota is spent.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        await KeepSizeAsync(context, await volumes.FindVolumeAsync(context.Operation.InstanceId, cancellationToken), cancellationToken);
        return new UndoOutcome.Done();
    }

    /// <summary>The row says what the plane has.</summary>
    internal static async Task KeepSizeAsync(StepContext context, Volume? there, CancellationToken cancellationToken)
    {
        var size = ResizeVolumeWorkflow.GoalOf(context.Operation).SizeGb;
        if (there is { SizeGb: var has } && has >= size)
        {
            await context.WriteAsync(
                unit => InstanceChanges.SetVolumeSize(unit, context.Operation.InstanceId, size, context.Now), cancellationToken);
        }
    }
}
