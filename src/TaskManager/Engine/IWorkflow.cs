using Dbaas.Domain.Operations;
using Dbaas.Persistence;

namespace Dbaas.TaskManager.Engine;

/// <summary>A workflow as the runner sees it: its state is JSON.</summary>
public interface IWorkflow
{
    /// <summary>One of <see cref="OperationKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Its version.</summary>
    int Version { get; }

    /// <summary>How many steps there are.</summary>
    int StepCount { get; }

    /// <summary>The name of a step.</summary>
    string NameOf(int step);

    /// <summary>The time limit of a step.</summary>
    TimeSpan LimitOf(int step);

    /// <summary>The time limit of a step's undo.</summary>
    TimeSpan UndoLimitOf(int step);

    /// <summary>The operation may not go back from where it is.</summary>
    bool HasNoWayBack(Operation operation);

    /// <summary>Tries a step.</summary>
    Task<StepOutcome<string>> EnsureAsync(int step, StepContext context, CancellationToken cancellationToken);

    /// <summary>Tries to undo a step.</summary>
    Task<UndoOutcome> UndoAsync(int step, StepContext context, CancellationToken cancellationToken);

    /// <summary>In the unit that ends it well.</summary>
    void Succeeded(IUnit unit, Operation operation, long now);

    /// <summary>In the unit that turns it back.</summary>
    void TurnedBack(IUnit unit, Operation operation, OperationFault fault, long now);

    /// <summary>In the unit that ends it where it is: it can neither go on nor back.</summary>
    void Abandoned(IUnit unit, Operation operation, OperationFault fault, long now);

    /// <summary>In the unit that ends it after everything was undone.</summary>
    void Undone(IUnit unit, Operation operation, long now);
}
