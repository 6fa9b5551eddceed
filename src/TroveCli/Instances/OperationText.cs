using System.Text.Json.Nodes;
using Dbaas.TroveCli.Backups;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class OperationText
{
    /// <summary>
    /// <c>{name, step, of, started}</c> in words. The step is a number or a name; both are told, and how far it is if that is known.
    /// </summary>
    public static string Of(JsonNode operation)
    {
        var name = operation.Text("name") ?? "operation";
        var step = operation.Text("step");
        if (step is null)
        {
            return name;
        }

        var told = operation.Text("of") is { } of && operation.Number("step") is not null ? $"step {step} of {of}" : step;
        var progress = operation["progress"] is { } known ? $", {BackupProgress.Text(known)}" : "";
        return (operation.Text("step_name") is { } stepName ? $"{name}: {told}, {stepName}" : $"{name}: {told}") + progress;
    }
}
