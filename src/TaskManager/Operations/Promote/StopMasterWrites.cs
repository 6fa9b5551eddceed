using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>Nobody writes on the master any more, and its last position is known.</summary>
internal sealed class StopMasterWrites(GuestCommands guests) : Step<PromoteState>
{
    private const int GraceSeconds = 1;

    /// <summary>Being read only, and then the end of what is not committed any more, may take the guest ten seconds each.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(GraceSeconds + 40);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public override string Name => "stop writes";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(2);

    public override async Task<StepOutcome<PromoteState>> EnsureAsync(
        StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        var master = PromoteWorkflow.GoalOf(context.Operation).MasterId;
        var begun = state with { Stopped = state.Stopped == 0 ? context.Now : state.Stopped };
        var answer = await guests.AskAsync(context, master, new StopWrites(GraceSeconds), Limit, cancellationToken);
        return answer.Then(begun, told => begun with { Last = told.Read<PositionTold>().Position });
    }

    /// <summary>Only an answer that clients can write again is one: a master that stays as it is serves nobody.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, PromoteState state, CancellationToken cancellationToken)
    {
        var master = PromoteWorkflow.GoalOf(context.Operation).MasterId;
        var answer = await guests.AskAsync(context, master, new SetWritable(Writable: true), Limit, cancellationToken);
        return answer.ThenUndoneForSure(Soon);
    }
}
