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

    /// <summary>
    /// After this time an undo without success is abandoned. Longer than any cloud should be away: what is abandoned stays as it is.
    /// </summary>
    public virtual TimeSpan UndoTimeLimit => TimeSpan.FromHours(1);

    /// <summary>
    /// There is no way back from here: neither a request nor the time limit makes the operation undo what is done. What fails for good, or
    /// goes on failing until the time limit, ends it where it is.
    /// </summary>
    public virtual bool HasNoWayBack(TState state) => false;

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
    protected static StepOutcome<TState> Moved(TState state) => new StepOutcome<TState>.Moved(state);

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> Again(string why, TState? state = default) =>
        new StepOutcome<TState>.Again(new OperationFault(why), state);

    /// <summary>Shorthand.</summary>
    protected static StepOutcome<TState> Failed(string why, TState? state = default) =>
        new StepOutcome<TState>.Failed(new OperationFault(why), state);
}
