namespace Dbaas.TaskManager.Engine;

/// <summary>
/// One step of a workflow. It <em>ensures</em>: running it twice is the same as once, and it may have been cut off anywhere the last time.
/// </summary>
public abstract class Step<TState>
{
    /// <summary>As users see it.</summary>
    public abstract string Name { get; }

    /// <summary>After this time without success the step has failed.</summary>
    public virtual TimeSpan TimeLimit => TimeSpan.FromMinutes(10);

    /// <summary>Makes sure of it.</summary>
    public abstract Task<StepOutcome<TState>> EnsureAsync(StepContext context, TState state, CancellationToken cancellationToken);

    /// <summary>Takes it back, whether all, half or none of it was done.</summary>
    public virtual Task<UndoOutcome> UndoAsync(StepContext context, TState state, CancellationToken cancellationToken) =>
        Task.FromResult<UndoOutcome>(new UndoOutcome.Done());

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> Done(TState state) => new StepOutcome<TState>.Done(state);

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> NotYet(TState state, TimeSpan lookAgainIn) => new StepOutcome<TState>.NotYet(state, lookAgainIn);

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> Again(string why) => new StepOutcome<TState>.Again(new OperationFault(why));

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> Failed(string why) => new StepOutcome<TState>.Failed(new OperationFault(why));
}
