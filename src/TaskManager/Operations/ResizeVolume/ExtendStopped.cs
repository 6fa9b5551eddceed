using Dbaas.Cloud.Ports;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeVolume;

/// <summary>Where it cannot be done otherwise: stop the server, extend, start the server. Nothing to do elsewhere.</summary>
internal sealed class ExtendStopped(IVolumes volumes, ICompute compute) : PlaneStep<ServerWorkState>
{
    // A plane may take a moment to let go of the volume of a server that is stopped; it does not take so long.
    private const int MostStops = 60;
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

        // Its size alone does not say that it is with its server again: the plane is asked until it has nothing left to do.
        var volume = await volumes.EnsureVolumeAsync(new VolumeSpec { Key = id, SizeGb = size }, cancellationToken);
        switch (volume.State)
        {
            case VolumeState.Ready:
                return await compute.StartServerAsync(id, cancellationToken) ? Done(state) : NotYet(state, LookAgain);
            case VolumeState.Error:
                return Failed(volume.Detail ?? "the compute plane does not say why");
            case VolumeState.NeedsServerStopped when state.Stops >= MostStops:
                return Failed("The server is stopped, and still the compute plane says that the volume cannot be extended while it runs.");
            case VolumeState.NeedsServerStopped when await compute.StopServerAsync(id, cancellationToken):
                return NotYet(state with { Stops = state.Stops + 1 }, LookAgain);
            default:
                return NotYet(state, LookAgain);
        }
    }

    /// <summary>A volume that was taken from its server is given back before the server starts.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        if (!state.NeedsServerStopped)
        {
            return new UndoOutcome.Done();
        }

        var id = context.Operation.InstanceId;
        if (await volumes.FindVolumeAsync(id, cancellationToken) is { } there)
        {
            // First, for the rest may have to be abandoned.
            await TryExtend.KeepSizeAsync(context, there, cancellationToken);
            var volume = await volumes.EnsureVolumeAsync(new VolumeSpec { Key = id, SizeGb = there.SizeGb }, cancellationToken);
            if (volume.State is not (VolumeState.Ready or VolumeState.Error or VolumeState.NeedsServerStopped))
            {
                return new UndoOutcome.NotYet(LookAgain);
            }
        }

        return await compute.StartServerAsync(id, cancellationToken) ? new UndoOutcome.Done() : new UndoOutcome.NotYet(LookAgain);
    }
}
