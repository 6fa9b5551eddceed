using System.Data.Common;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;

namespace Dbaas.TaskManager.Engine;

/// <summary>Turns what was thrown into an outcome. Who throws says whether trying again makes sense.</summary>
internal static class Faults
{
    // Half a minute, by the pauses between tries.
    private const int MostTriesOfOurs = 8;

    /// <param name="exception">What a step threw.</param>
    /// <param name="tries">How many tries of the step have failed before.</param>
    public static StepOutcome<string> ToOutcome(Exception exception, int tries) => exception switch
    {
        CloudException { IsTransient: false } e => new StepOutcome<string>.Failed(new OperationFault(e.Message, e.ToString())),
        CloudException e => new StepOutcome<string>.Again(new OperationFault(e.Message, e.ToString())),
        OperationCanceledException => new StepOutcome<string>.Again(new OperationFault("A call took too long.")),
        _ when IsTheWorlds(exception) || tries < MostTriesOfOurs => new StepOutcome<string>.Again(Internal(exception)),
        _ => new StepOutcome<string>.Failed(Internal(exception)),
    };

    /// <summary>What a cloud refuses for good it refuses the next time, too.</summary>
    /// <remarks>All else is tried until the time limit: what an undo leaves, somebody has to clear away by hand.</remarks>
    public static UndoOutcome ToUndoOutcome(Exception exception) => ToOutcome(exception, tries: 0) switch
    {
        StepOutcome<string>.Failed failed => new UndoOutcome.Abandoned(failed.Why),
        StepOutcome<string>.Again again => new UndoOutcome.Again(again.Why),
        var other => throw new InvalidOperationException($"No outcome of an exception: {other}."),
    };

    // The control database, disks and networks get well again; a mistake of this program is the same the next time.
    private static bool IsTheWorlds(Exception e) => e is DbException or IOException or HttpRequestException or TimeoutException;

    private static OperationFault Internal(Exception e) => new("An internal error occurred; the administrator's log has it.", e.ToString());

    public static OperationFault UndoTooLate(Operation operation, TimeSpan limit) =>
        new($"Going back from the step '{operation.StepName}' did not end within {limit.TotalMinutes:0.#} minutes.");

    /// <summary>It took too long; and why, where the last try of it said so.</summary>
    public static OperationFault TooLate(IWorkflow workflow, Operation operation, string? because)
    {
        var minutes = workflow.LimitOf(operation.StepIndex).TotalMinutes;
        var late = $"The step '{workflow.NameOf(operation.StepIndex)}' did not end within {minutes:0.#} minutes.";
        return new OperationFault(because is null ? late : $"{late} {because}");
    }
}
