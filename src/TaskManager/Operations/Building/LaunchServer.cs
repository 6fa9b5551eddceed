using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Building;

internal sealed class LaunchServer(ICompute compute, GuestAccess access) : PlaneStep<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ServerPlan _plan = new(access);

    public override string Name => "launch server";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var server = await compute.EnsureServerAsync(
            await _plan.MakeAsync(context, state.EnrolmentSecret!, cancellationToken), cancellationToken);
        await context.WriteAsync(
            unit =>
            {
                ServerRows.Save(unit, SeenServer.Of(server, context.Now));
                if (server.NotEnforced.Count > 0)
                {
                    InstanceChanges.SetNotEnforced(unit, context.Operation.InstanceId, string.Join("; ", server.NotEnforced));
                }
            },
            cancellationToken);

        return server.State switch
        {
            CloudServerState.Active => Done(state),
            CloudServerState.Error => Failed($"The server could not be launched: {server.Detail ?? "the compute plane does not say why"}."),
            _ => NotYet(state, LookAgain),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken) =>
        await compute.DeleteServerAsync(context.Operation.InstanceId, cancellationToken)
            ? new UndoOutcome.Done()
            : new UndoOutcome.NotYet(LookAgain);
}
