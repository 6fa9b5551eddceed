using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Planning;

/// <summary>
/// Which slave takes over when the master cannot be asked: one that has all that any of the others has. Positions mean nothing here, so
/// slaves are asked, one pair after the other.
/// </summary>
public static class SuccessorChoice
{
    /// <summary>What is next.</summary>
    /// <param name="slaves">All whose positions are known; at least one.</param>
    /// <param name="told">What was told so far, in the order in which it was asked.</param>
    public static SuccessorMove Next(IReadOnlyList<string> slaves, IReadOnlyList<ComparedPair> told)
    {
        // Whoever leads has all that those before him have.
        var leads = slaves[0];
        foreach (var pair in told)
        {
            switch (pair.Relation)
            {
                case PositionRelation.Equal or PositionRelation.Ahead:
                    break;
                case PositionRelation.Behind:
                    leads = pair.Other;
                    break;
                default:
                    // Diverged; and what is not said is nothing to build on.
                    return new SuccessorMove.Refuse(pair);
            }
        }

        return told.Count + 1 < slaves.Count
            ? new SuccessorMove.Compare(leads, slaves[told.Count + 1])
            : new SuccessorMove.Choose(leads);
    }
}

/// <summary>How one slave stands to another.</summary>
/// <param name="Asked">Who was asked.</param>
/// <param name="Other">The other.</param>
/// <param name="Relation">How the one that was asked stands to the other.</param>
/// <param name="Sample">Where they differ, when they have diverged.</param>
public sealed record ComparedPair(string Asked, string Other, PositionRelation Relation, string? Sample);

/// <summary>What is next in the choice of a successor.</summary>
public abstract record SuccessorMove
{
    private SuccessorMove()
    {
    }

    /// <summary>One is to be asked how it stands to another.</summary>
    public sealed record Compare(string Asked, string Other) : SuccessorMove;

    /// <summary>This one takes over.</summary>
    public sealed record Choose(string InstanceId) : SuccessorMove;

    /// <summary>Nobody has all that the others have.</summary>
    public sealed record Refuse(ComparedPair Because) : SuccessorMove;
}
