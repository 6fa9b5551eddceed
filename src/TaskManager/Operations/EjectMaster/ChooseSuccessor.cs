using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Planning;

namespace Dbaas.TaskManager.Operations.EjectMaster;

/// <summary>It is decided who takes over.</summary>
internal sealed class ChooseSuccessor(GuestCommands guests) : Step<EjectState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public override string Name => "choose successor";

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public override async Task<StepOutcome<EjectState>> EnsureAsync(
        StepContext context, EjectState state, CancellationToken cancellationToken)
    {
        switch (SuccessorChoice.Next(EjectWorkflow.GoalOf(context.Operation).Slaves, state.Compared))
        {
            case SuccessorMove.Choose chosen:
                return Done(state with { Successor = chosen.InstanceId });
            case SuccessorMove.Refuse { Because: var pair }:
                return Failed(
                    pair.Relation == PositionRelation.Diverged
                        ? $"Neither {pair.Asked} nor {pair.Other} has all that the other has ({pair.Sample}). Delete the one whose "
                            + "transactions are not wanted, and ask again."
                        : $"{pair.Asked} does not say how it stands to {pair.Other}.");
            case SuccessorMove.Compare compare:
                var answer = await guests.AskAsync(
                    context, compare.Asked, new ComparePosition(state.Positions[compare.Other]), Limit, cancellationToken);
                return answer is GuestAnswer.Succeeded told
                    ? Moved(state with { Compared = [.. state.Compared, ToPair(compare, told.Read<PositionCompared>())] })
                    : answer.Then(state, _ => state);
            case var other:
                throw new InvalidOperationException($"Unknown move {other}.");
        }
    }

    private static ComparedPair ToPair(SuccessorMove.Compare compare, PositionCompared told) =>
        new(compare.Asked, compare.Other, told.Relation, told.Sample);
}
