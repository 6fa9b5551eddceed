using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.Building;

namespace Dbaas.TaskManager.Operations.Rebuild;

/// <summary>
/// The database of the server that is replaced is stopped in good order, if its agent answers. If it does not stop, it is ended with its
/// server: what does not work any more is what rebuilds are for.
/// </summary>
internal sealed class StopFormer(GuestCommands guests, GuestOptions options) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "stop database";

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        if (!await AnswersAsync(context, cancellationToken))
        {
            return Done(state);
        }

        var answer = await guests.AskAsync(context, context.Operation.InstanceId, new StopServer(), Limit, cancellationToken);
        return answer is GuestAnswer.Waiting && context.Elapsed < CommandLimits.WithRestart ? NotYet(state, LookAgain) : Done(state);
    }

    /// <summary>Nothing to do when the server was replaced after all, or never answered.</summary>
    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.InstanceId;
        var isReady = await context.ReadAsync(unit => InstanceRows.Find(unit, id) is { Lifecycle: Lifecycle.Ready }, cancellationToken);
        if (!isReady || context.Elapsed > TimeLimit)
        {
            return new UndoOutcome.Done();
        }

        // Nobody has been heard of for a moment after a step of the clock; who is silent is so for longer.
        if (!await AnswersAsync(context, cancellationToken))
        {
            return context.Elapsed > options.SilentAfter ? new UndoOutcome.Done() : new UndoOutcome.NotYet(LookAgain);
        }

        var answer = await guests.AskAsync(context, id, new StartServer(), Limit, cancellationToken);
        return answer.ThenUndone(LookAgain);
    }

    private Task<bool> AnswersAsync(StepContext context, CancellationToken cancellationToken) => context.ReadAsync(
        unit => options.IsAnswering(GuestRows.Find(unit, context.Operation.InstanceId)), cancellationToken);
}
