using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Rebuild;

/// <summary>
/// The server runs from a fresh root disk; one that does not exist any more is made. Once the plane has begun there is no way back: the
/// former agent and its disk are gone, and only another rebuild helps when this one fails.
/// </summary>
internal sealed class ReplaceServer(ICompute compute, GuestAccess access) : PlaneStep<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ServerPlan _plan = new(access);

    public override string Name => "rebuild server";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var spec = await _plan.MakeAsync(context, state.EnrolmentSecret!, cancellationToken);
        var server = await compute.RebuildServerAsync(
            spec with { Build = state.Build, Image = ImageOf(context.Operation) ?? spec.Image }, cancellationToken);
        var isReplaced = server.Build >= state.Build;
        var after = state with { IsReplaced = state.IsReplaced || isReplaced };
        await context.WriteAsync(
            unit =>
            {
                ServerRows.Save(unit, SeenServer.Of(server, context.Now));
                if (isReplaced)
                {
                    GuestRows.VoidFormer(unit, spec.Key, EnrolmentSecret.Hash(state.EnrolmentSecret!));
                    context.Remember(unit, after);
                }
            },
            cancellationToken);
        return server.State switch
        {
            CloudServerState.Active when isReplaced => Done(after),
            CloudServerState.Error when isReplaced =>
                Failed($"The server could not be rebuilt: {server.Detail ?? "the compute plane does not say why"}."),
            _ => NotYet(after, LookAgain),
        };
    }

    /// <summary>A call that failed may have been heard: only a server of an earlier build is one that was not replaced.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        if (state.IsReplaced || await compute.FindServerAsync(id, cancellationToken) is not { } server || server.Build >= state.Build)
        {
            await context.WriteAsync(
                unit =>
                {
                    if (state.EnrolmentSecret is { } secret)
                    {
                        GuestRows.VoidFormer(unit, id, EnrolmentSecret.Hash(secret));
                    }

                    InstanceChanges.SetBroken(unit, id);
                },
                cancellationToken);
        }

        return new UndoOutcome.Done();
    }

    private static string? ImageOf(Operation operation) => operation.Kind == OperationKinds.Rebuild
        ? JsonSerializer.Deserialize<RebuildGoal>(operation.Goal!, JsonSerializerOptions.Web)!.ImageId
        : null;
}
