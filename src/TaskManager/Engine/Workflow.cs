using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;

namespace Dbaas.TaskManager.Engine;

/// <summary>
/// A workflow is a value: a name, a version, steps in order, and what changes on the instance when it turns back or ends.
/// </summary>
public sealed class Workflow<TState> : IWorkflow
{
    /// <summary>One of <see cref="OperationKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>An operation ends with the version that it began with.</summary>
    public int Version { get; init; } = 1;

    /// <summary>In order; undone in the opposite order.</summary>
    public required IReadOnlyList<Step<TState>> Steps { get; init; }

    /// <summary>What it remembers at first.</summary>
    public required Func<Operation, TState> Begin { get; init; }

    /// <summary>In the unit that ends it well.</summary>
    public required Action<IUnit, Operation, TState, long> OnSucceeded { get; init; }

    /// <summary>In the unit that turns it back: what users are told.</summary>
    public required Action<IUnit, Operation, OperationFault, long> OnTurnedBack { get; init; }

    /// <summary>In the unit that ends it after everything was undone.</summary>
    public Action<IUnit, Operation, TState, long> OnUndone { get; init; } = (_, _, _, _) => { };

    /// <summary>
    /// In the unit that ends it where it is, since it can neither go on nor back; null: as when it was undone, and the instance is broken.
    /// </summary>
    public Action<IUnit, Operation, TState, OperationFault, long>? OnAbandoned { get; init; }

    int IWorkflow.StepCount => Steps.Count;

    string IWorkflow.NameOf(int step) => Steps[step].Name;

    TimeSpan IWorkflow.LimitOf(int step) => Steps[step].TimeLimit;

    TimeSpan IWorkflow.UndoLimitOf(int step) => Steps[step].UndoTimeLimit;

    bool IWorkflow.HasNoWayBack(Operation operation) => Steps[operation.StepIndex].HasNoWayBack(Read(operation));

    async Task<StepOutcome<string>> IWorkflow.EnsureAsync(int step, StepContext context, CancellationToken cancellationToken) =>
        await Steps[step].EnsureAsync(context, Read(context.Operation), cancellationToken) switch
        {
            StepOutcome<TState>.Done done => new StepOutcome<string>.Done(Write(done.State)),
            StepOutcome<TState>.NotYet notYet => new StepOutcome<string>.NotYet(Write(notYet.State), notYet.LookAgainIn, notYet.Because),
            StepOutcome<TState>.Moved moved => new StepOutcome<string>.Moved(Write(moved.State)),
            StepOutcome<TState>.Again again => new StepOutcome<string>.Again(again.Why, WriteIfAny(again.State)),
            StepOutcome<TState>.Failed failed => new StepOutcome<string>.Failed(failed.Why, WriteIfAny(failed.State)),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };

    Task<UndoOutcome> IWorkflow.UndoAsync(int step, StepContext context, CancellationToken cancellationToken) =>
        Steps[step].UndoAsync(context, Read(context.Operation), cancellationToken);

    void IWorkflow.Succeeded(IUnit unit, Operation operation, long now) => OnSucceeded(unit, operation, Read(operation), now);

    void IWorkflow.TurnedBack(IUnit unit, Operation operation, OperationFault fault, long now) => OnTurnedBack(unit, operation, fault, now);

    void IWorkflow.Undone(IUnit unit, Operation operation, long now) => OnUndone(unit, operation, Read(operation), now);

    void IWorkflow.Abandoned(IUnit unit, Operation operation, OperationFault fault, long now)
    {
        if (OnAbandoned is not null)
        {
            OnAbandoned(unit, operation, Read(operation), fault, now);
            return;
        }

        Abandonment.Break(unit, operation, fault, now);
        OnUndone(unit, operation, Read(operation), now);
    }

    private static string? WriteIfAny(TState? state) => state is null ? null : Write(state);

    private static string Write(TState state) => JsonSerializer.Serialize(state, JsonSerializerOptions.Web);

    private TState Read(Operation operation) =>
        operation.State is null ? Begin(operation) : JsonSerializer.Deserialize<TState>(operation.State, JsonSerializerOptions.Web)!;
}
