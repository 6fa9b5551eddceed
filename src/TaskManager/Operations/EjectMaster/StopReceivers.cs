using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>No slave receives any more, each has applied what it had received, and it is known where each is.</summary>
internal sealed class StopReceivers(GuestCommands guests) : Step<EjectState>
{
    /// <summary>The guest waits two minutes for what it received to be applied.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The master is not kept off for a slave that does not answer: that it does not receive shows by itself.</summary>
    private static readonly TimeSpan UndoPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public override string Name => "stop receiving";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(10);

    public override async Task<StepOutcome<EjectState>> EnsureAsync(
        StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        var positions = new Dictionary<string, GuestProtocol.OpaqueDocument>(state.Positions);
        GuestAnswer? open = null;
        foreach (var slave in EjectWorkflow.GoalOf(context.Operation).Slaves.Except(state.Positions.Keys))
        {
            // All at once: who is last decides how long it takes.
            var answer = await guests.AskAsync(context, slave, new StopReceiving(), Limit, cancellationToken);
            if (answer is GuestAnswer.Succeeded told)
            {
                positions[slave] = told.Read<PositionTold>().Position;
            }
            else if (open is null or GuestAnswer.Waiting)
            {
                open = answer;
            }
        }

        var known = state with { Positions = positions };
        return open is null ? Done(known) : open.Then(known, _ => known);
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        UndoOutcome worst = new UndoOutcome.Done();
        foreach (var slave in EjectWorkflow.GoalOf(context.Operation).Slaves)
        {
            var answer = await guests.AskAsync(context, slave, new ResumeReceiving(), Limit, cancellationToken);
            if (answer.ThenUndone(Soon) is not UndoOutcome.Done and var open)
            {
                worst = open;
            }
        }

        return context.Elapsed > UndoPatience ? new UndoOutcome.Done() : worst;
    }
}
