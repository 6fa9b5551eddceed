using Dbaas.Cloud.Ports;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeVolume;

/// <summary>Where it cannot be done otherwise: stop the server, extend, start the server. Nothing to do elsewhere.</summary>
internal sealed class ExtendStopped(IVolumes volumes, ICompute compute) : Step<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override string Name => "extend volume of stopped server";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        if (!state.NeedsServerStopped)
        {
            return Done(state);
        }

        var id = context.Operation.InstanceId;
        var size = ResizeVolumeWorkflow.GoalOf(context.Operation).SizeGb;
        if (await volumes.FindVolumeAsync(id, cancellationToken) is not { } before || before.SizeGb < size)
        {
            if (!await compute.StopServerAsync(id, cancellationToken))
            {
                return NotYet(state, LookAgain);
            }

            var volume = await volumes.EnsureVolumeAsync(new VolumeSpec { Key = id, SizeGb = size }, cancellationToken);
            if (volume.State is VolumeState.Error)
            {
                return Failed(volume.Detail ?? "the compute plane does not say why");
            }

            if (volume.State is not VolumeState.Ready)
            {
                return NotYet(state, LookAgain);
            }
        }

        return await compute.StartServerAsync(id, cancellationToken) ? Done(state) : NotYet(state, LookAgain);
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken) =>
        !state.NeedsServerStopped || await compute.StartServerAsync(context.Operation.InstanceId, cancellationToken)
            ? new UndoOutcome.Done()
            : new UndoOutcome.NotYet(LookAgain);
}
