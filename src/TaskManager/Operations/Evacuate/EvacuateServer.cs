using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.Evacuate;

/// <summary>
/// The server of a dead host comes up on another one. Its root disk was the host's, so it has none of its agent's memory: the steps that
/// follow make it a server of ours again.
/// </summary>
internal sealed class EvacuateServer(ICompute compute, GuestOptions options) : PlaneStep<BuildState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override string Name => "evacuation";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        if (!state.IsAsked)
        {
            return Moved(state with { IsAsked = true });
        }

        var goal = JsonSerializer.Deserialize<MigrateGoal>(context.Operation.Goal!, JsonSerializerOptions.Web)!;
        Server server;
        try
        {
            server = await compute.EvacuateServerAsync(context.Operation.InstanceId, context.Operation.Id, goal.Host, cancellationToken);
        }
        catch (CloudException e) when (!e.IsTransient && !state.IsReplaced)
        {
            // What was begun before would go on: a plane that refuses has not begun.
            return new StepOutcome<BuildState>.Failed(new OperationFault(e.Message, e.ToString()), state with { IsAsked = false });
        }

        await context.WriteAsync(unit => ServerRows.Save(unit, SeenServer.Of(server, context.Now)), cancellationToken);
        var replaced = state with { IsReplaced = true };
        return server.State switch
        {
            CloudServerState.Active or CloudServerState.Stopped => Done(replaced),
            CloudServerState.Error => Failed(
                $"The server could not be evacuated: {server.Detail ?? "the compute plane does not say why"}.", replaced),
            _ => NotYet(replaced, LookAgain),
        };
    }

    /// <summary>
    /// A call whose answer was lost may have been heard. An agent that calls from now on is one whose server was not replaced.
    /// </summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        if (state is { IsReplaced: false, IsAsked: false })
        {
            return new UndoOutcome.Done();
        }

        var heard = await context.ReadAsync(unit => GuestRows.Find(unit, id)?.LastSeen ?? 0, cancellationToken);
        if (state.IsReplaced || (heard <= context.Operation.StepStarted && context.Elapsed > options.SilentAfter))
        {
            await context.WriteAsync(unit => InstanceChanges.SetBroken(unit, id), cancellationToken);
            return new UndoOutcome.Done();
        }

        return heard > context.Operation.StepStarted ? new UndoOutcome.Done() : new UndoOutcome.NotYet(LookAgain);
    }
}
