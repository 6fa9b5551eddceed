using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Evacuate;

/// <summary>
/// The server of a dead host comes up on another one. Its root disk was the host's, so it has none of its agent's memory: the steps that follow
/// make it a server of ours again.
/// </summary>
internal sealed class EvacuateServer(ICompute compute) : PlaneStep<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "evacuation";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var goal = JsonSerializer.Deserialize<MigrateGoal>(context.Operation.Goal!, JsonSerializerOptions.Web)!;
        var server = await compute.EvacuateServerAsync(context.Operation.InstanceId, context.Operation.Id, goal.Host, cancellationToken);
        await context.WriteAsync(unit => ServerRows.Save(unit, SeenServer.Of(server, context.Now)), cancellationToken);
        return server.State switch
        {
            CloudServerState.Active or CloudServerState.Stopped => Done(state with { IsReplaced = true }),
            CloudServerState.Error => Failed($"The server could not be evacuated: {server.Detail ?? "the compute plane does not say why"}."),
            _ => NotYet(state with { IsReplaced = true }, LookAgain),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        if (state.IsReplaced)
        {
            await context.WriteAsync(unit => InstanceChanges.SetBroken(unit, context.Operation.InstanceId), cancellationToken);
        }

        return new UndoOutcome.Done();
    }
}
