using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Guests;

/// <summary>What an agent has said to a command so far.</summary>
public abstract record GuestAnswer
{
    // The answer wakes the operation: what is looked for meanwhile is whether somebody else is still there.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(45);

    private GuestAnswer()
    {
    }

    /// <summary>Nothing yet. The reply wakes the operation.</summary>
    /// <param name="Because">What the agent said to the try before; null: this is the first.</param>
    public sealed record Waiting(string? Because = null) : GuestAnswer;

    /// <summary>Done.</summary>
    public sealed record Succeeded(JsonElement? Body) : GuestAnswer
    {
        /// <summary>The result.</summary>
        public T Read<T>() => Body is { } body
            ? body.Deserialize<T>(ProtocolJson.Options)!
            : throw new JsonException($"The agent's answer lacks its result ({typeof(T).Name}).");
    }

    /// <summary>Not done.</summary>
    public sealed record Failed(GuestFault Fault) : GuestAnswer;

    /// <summary>What follows for a step: wait, go on with the result, try again, or turn back.</summary>
    /// <param name="state">What the step remembers meanwhile.</param>
    /// <param name="next">What it remembers with the result.</param>
    /// <param name="lookAgainIn">Where the step waits for something else besides, that nobody wakes it for.</param>
    public StepOutcome<TState> Then<TState>(TState state, Func<Succeeded, TState> next, TimeSpan? lookAgainIn = null) => this switch
    {
        Waiting waiting => new StepOutcome<TState>.NotYet(state, lookAgainIn ?? LookAgain, waiting.Because),
        Succeeded done => new StepOutcome<TState>.Done(next(done)),
        Failed { Fault.Kind: FaultKind.Transient } failed => new StepOutcome<TState>.Again(new OperationFault(failed.Fault.Message)),
        Failed failed => new StepOutcome<TState>.Failed(new OperationFault(failed.Fault.Message)),
        _ => throw new InvalidOperationException($"Unknown answer {this}."),
    };

    /// <summary>
    /// What follows for an undo that asks for something: an answer that says that it cannot be done is one, too, for it shows by itself.
    /// </summary>
    public UndoOutcome ThenUndone(TimeSpan lookAgainIn) => this switch
    {
        Waiting => new UndoOutcome.NotYet(lookAgainIn),
        Failed { Fault.Kind: FaultKind.Transient } failed => new UndoOutcome.Again(new OperationFault(failed.Fault.Message)),
        _ => new UndoOutcome.Done(),
    };

    /// <summary>What follows for an undo that others rely on: only done is done.</summary>
    public UndoOutcome ThenUndoneForSure(TimeSpan lookAgainIn) => this switch
    {
        Waiting => new UndoOutcome.NotYet(lookAgainIn),
        Failed failed => new UndoOutcome.Again(new OperationFault(failed.Fault.Message)),
        _ => new UndoOutcome.Done(),
    };
}
