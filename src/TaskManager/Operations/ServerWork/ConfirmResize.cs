using Dbaas.Cloud.Ports;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>The database runs in its new place: there is no way back any more.</summary>
internal sealed class ConfirmResize(ICompute compute) : Step<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "confirm";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken) =>
        await compute.ConfirmResizeAsync(context.Operation.InstanceId, cancellationToken) ? Done(state) : NotYet(state, LookAgain);
}
