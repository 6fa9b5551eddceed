using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>
/// The servers of the master, and of the slaves that do not answer, are off for sure: an agent that cannot be heard may have a database
/// that is heard very well. What the master still sends until then is received.
/// </summary>
internal sealed class FenceMaster(ICompute compute) : PlaneStep<EjectState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override string Name => "switch off";

    public override async Task<StepOutcome<EjectState>> EnsureAsync(
        StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        if (EjectWorkflow.Lost(context.Operation).Except(state.Fenced).FirstOrDefault() is not { } next)
        {
            return Done(state);
        }

        await compute.FenceAsync(next, cancellationToken);
        return Moved(state with { Fenced = [.. state.Fenced, next] });
    }

    /// <summary>They run again, as far as they are there, and no earlier ejection has left them for a successor.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        foreach (var lost in EjectWorkflow.Lost(context.Operation))
        {
            var instance = await context.ReadAsync(unit => InstanceRows.Find(unit, lost)!, cancellationToken);
            if (instance.Lifecycle is Lifecycle.Ready
                && await compute.FindServerAsync(lost, cancellationToken) is not null
                && !await compute.StartServerAsync(lost, cancellationToken))
            {
                return new UndoOutcome.NotYet(LookAgain);
            }
        }

        return new UndoOutcome.Done();
    }
}
