using System.Text.Json.Nodes;
using Dbaas.TroveCli.Backups;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class OperationText
{
    /// <summary><c>{name, step, of, started}</c> in words.</summary>
    public static string Of(JsonNode operation) => $"{Look(operation)}";

    /// <summary>The step is a number or a name; both are told, and how far it is if that is known.</summary>
    public static Sight Look(JsonNode operation)
    {
        var name = operation.Text("name") ?? "operation";
        var step = operation.Text("step");
        if (step is null)
        {
            return new Sight(name);
        }

        var (number, of) = (operation.Number("step"), operation.Number("of"));
        var told = number is not null && of is not null ? $"{name}: step {number} of {of}" : $"{name}: {step}";
        var state = operation.Text("step_name") is { } stepName ? $"{told}, {stepName}" : told;
        return operation["progress"] is { } progress
            ? BackupProgress.Look(state, progress)
            : new Sight(state, Share: of > 0 ? (number - 1) / of : null);
    }
}
