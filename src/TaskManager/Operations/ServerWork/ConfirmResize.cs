using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>The database runs in its new place: there is no way back any more.</summary>
internal sealed class ConfirmResize(ICompute compute) : PlaneStep<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "confirm";

    // Whoever cannot go back waits longer for a cloud that is away.
    public override TimeSpan TimeLimit => TimeSpan.FromHours(6);

    /// <summary>A call whose answer was lost may have been heard.</summary>
    public override bool HasNoWayBack(ServerWorkState state) => true;

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        if (!await compute.ConfirmResizeAsync(id, cancellationToken))
        {
            return NotYet(state, LookAgain);
        }

        if (await compute.FindServerAsync(id, cancellationToken) is { } server)
        {
            await context.WriteAsync(unit => ServerRows.Save(unit, SeenServer.Of(server, context.Now)), cancellationToken);
        }

        return Done(state);
    }
}
