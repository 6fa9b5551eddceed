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
    public sealed record NotYet(TState State, TimeSpan LookAgainIn) : StepOutcome<TState>;

    /// <summary>It did not work; trying again may help. The engine backs off, and gives up at the step's time limit.</summary>
    public sealed record Again(OperationFault Why) : StepOutcome<TState>;

    /// <summary>It failed, and would fail again: go back.</summary>
    public sealed record Failed(OperationFault Why) : StepOutcome<TState>;
}

/// <summary>Why something failed.</summary>
/// <param name="Message">A sentence for the user. Never holds a secret.</param>
/// <param name="Details">More, for administrators.</param>
public sealed record OperationFault(string Message, string? Details = null);

/// <summary>How one try of an undo ended. Whatever keeps throwing is tried again, without end.</summary>
public abstract record UndoOutcome
{
    private UndoOutcome()
    {
    }

    /// <summary>Nothing of the step is left.</summary>
    public sealed record Done : UndoOutcome;

    /// <summary>Still going: look again.</summary>
    public sealed record NotYet(TimeSpan LookAgainIn) : UndoOutcome;
}
