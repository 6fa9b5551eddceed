using Dbaas.Cloud.Ports;
using Dbaas.Domain.Operations;

namespace Dbaas.TaskManager.Engine;

/// <summary>Turns what was thrown into an outcome. Who throws says whether trying again makes sense.</summary>
internal static class Faults
{
    public static StepOutcome<string> ToOutcome(Exception exception) => exception switch
    {
        CloudException { IsTransient: false } e => new StepOutcome<string>.Failed(new OperationFault(e.Message, e.ToString())),
        CloudException e => new StepOutcome<string>.Again(new OperationFault(e.Message, e.ToString())),
        OperationCanceledException => new StepOutcome<string>.Again(new OperationFault("A call took too long.")),
        var e => new StepOutcome<string>.Again(new OperationFault("An internal error occurred; the administrator's log has it.", e.ToString())),
    };

    public static OperationFault TooLate(IWorkflow workflow, Operation operation) =>
        new($"The step '{workflow.NameOf(operation.StepIndex)}' did not end within {workflow.LimitOf(operation.StepIndex).TotalMinutes:0.#} minutes.");
}
