namespace Dbaas.TaskManager.Engine;

/// <summary>How one try of a step ended.</summary>
public abstract record StepOutcome<TState>
{
    private StepOutcome()
    {
    }

    /// <summary>What the step ensures is so.</summary>
    public sealed record Done(TState State) : StepOutcome<TState>;

    /// <summary>Under way: look again when there is news, at the latest after this time. No thread waits.</summary>
    /// <param name="State">What is to be remembered.</param>
    /// <param name="LookAgainIn">At the latest.</param>
    /// <param name="Because">Why it was not done before, as far as that is known: what users are told when it takes too long.</param>
    public sealed record NotYet(TState State, TimeSpan LookAgainIn, string? Because = null) : StepOutcome<TState>;

    /// <summary>
    /// One move of several is made, and what it brought is to be saved: the step goes on at once. What is asked of guests from then on is
    /// asked anew, also where the words are the same as before.
    /// </summary>
    public sealed record Moved(TState State) : StepOutcome<TState>;

    /// <summary>It did not work; trying again may help. The engine backs off, and gives up at the step's time limit.</summary>
    /// <param name="Why">What users are told if it goes on like this.</param>
    /// <param name="State">What was learned all the same; null: nothing.</param>
    public sealed record Again(OperationFault Why, TState? State = default) : StepOutcome<TState>;

    /// <summary>It failed, and would fail again: go back.</summary>
    /// <param name="Why">What users are told.</param>
    /// <param name="State">What was learned all the same, for those that undo; null: nothing.</param>
    public sealed record Failed(OperationFault Why, TState? State = default) : StepOutcome<TState>;
}

/// <summary>Why something failed.</summary>
/// <param name="Message">A sentence for the user. Never holds a secret.</param>
/// <param name="Details">More, for administrators.</param>
public sealed record OperationFault(string Message, string? Details = null);

/// <summary>How one try of an undo ended.</summary>
public abstract record UndoOutcome
{
    private UndoOutcome()
    {
    }

    /// <summary>Nothing of the step is left.</summary>
    public sealed record Done : UndoOutcome;

    /// <summary>Still going: look again.</summary>
    public sealed record NotYet(TimeSpan LookAgainIn) : UndoOutcome;

    /// <summary>It did not work; trying again may help. The engine backs off, and abandons it at the undo's time limit.</summary>
    public sealed record Again(OperationFault Why) : UndoOutcome;

    /// <summary>It cannot be undone: the operation ends here, and says so.</summary>
    public sealed record Abandoned(OperationFault Why) : UndoOutcome;
}
